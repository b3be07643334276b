"""What to do after a run that died: what AWS has and the state does not know is found, and adopted."""
