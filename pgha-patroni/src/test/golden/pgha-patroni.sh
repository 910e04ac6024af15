# Written by pgha; changes are overwritten. The file holds passwords: only root and postgres can read it.
export PATRONICTL_/etc/patroni/patroni.yaml_FILE=/etc/patroni/patroni.yaml
alias patronictl='patronictl -c /etc/patroni/patroni.yaml'
