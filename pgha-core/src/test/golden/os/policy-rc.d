#!/bin/sh
# Written by pgha. Installing, upgrading or removing a package never starts, stops or restarts these daemons:
# an unattended upgrade must not move the leader. Restart them yourself, one node at a time.
while [ $# -gt 0 ]; do
  case $1 in
    --list) exit 0 ;;
    -*) shift ;;
    *) break ;;
  esac
done
case ${1%.service} in
  etcd | etcd-server | patroni | patroni@* | postgresql | postgresql@* | haproxy | keepalived) exit 101 ;;
esac
exit 0
