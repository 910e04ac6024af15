# Written by pgha; changes are overwritten. The file holds passwords: only root and postgres can read it.
export PATRONICTL_CONFIG_FILE=/etc/patroni/patroni.yaml
alias patronictl='patronictl -c /etc/patroni/patroni.yaml'
