"""External checks for Checkov: every rule of this project under an id of its own.

    checkov -d cdktf.out --framework terraform_json --external-checks-dir policies/checkov

Checkov imports every other file of this folder as a check, and skips the folder in silence without this one.
"""
