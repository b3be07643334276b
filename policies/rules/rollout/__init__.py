"""Rules about how a new version takes over: task by task, or blue/green behind the load balancer."""
