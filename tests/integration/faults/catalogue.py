"""Every fault that is tried, in the order of docs/faults.md, and what its user sees or does."""

from collections.abc import Mapping

CATALOGUE: Mapping[str, str] = {
    "throttling on every service": "Nothing. The provider asks again.",
    "5xx on every service": "Nothing. The provider asks again.",
    "connection cut before the request was carried out": "Nothing. The provider asks again.",
    "connection cut in the middle of the answer": (
        "The run fails: the provider does not ask again for half an answer. The next one adopts what was made. "
        "Terraform that took the lock and did not hear so is locked out by it: the next run breaks it."
    ),
    "connection cut before the answer": (
        "The provider asks again, and AWS has it already. The next run adopts what has a name. What has none of its "
        "own is made twice: the second is ours, the first stays until `paygate sweep`."
    ),
    "SIGTERM in apply": (
        "The run stops and writes its state. The next one keeps what was begun and adopts what was on its way."
    ),
    "SIGKILL in apply": ("Up to 20 s of state are lost and the lock stays. The next run breaks the lock and adopts."),
    "SIGTERM in destroy": "The run stops and writes its state. The next one goes on from there.",
    "SIGKILL in destroy": (
        "The lock stays, and the state holds what is gone. The next run breaks the lock and reads AWS first."
    ),
    "state refused by its bucket, errored.tfstate pushed": (
        "The run fails and leaves `errored.tfstate`. It is pushed, and the next run goes on from there."
    ),
    "state refused by its bucket, errored.tfstate lost": "As after a SIGKILL: the next run adopts.",
    "disk full in the workspace": "The run fails and says that there is no space. With space, the next one goes on.",
    "ExpiredToken in the middle of apply": (
        "The run fails at once, cannot write its state nor give back the lock, and says to renew the credentials. The "
        "next one breaks the lock and adopts."
    ),
    "InvalidClientTokenId in the middle of destroy": "The same; the next destroy reads AWS first.",
    "emulator gone in the middle of apply": (
        "The provider asks again and again; the run ends when its time is over. The emulator and all in it is made "
        "anew."
    ),
    "emulator restarted, empty, in the middle of apply": "The same.",
    "five environments at once in one account": "Nothing.",
    "two deployments of one environment at once": "The second fails and names the lock. It is started again.",
}
