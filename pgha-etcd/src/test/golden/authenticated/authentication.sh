(
[ -r /etc/etcd/passwords ] || { echo 'there are no users yet'; exit; }
. /etc/etcd/passwords
export ETCDCTL_API=3
export ETCDCTL_ENDPOINTS=https://127.0.0.1:2379
export ETCDCTL_CACERT=/etc/etcd/tls/ca.crt
export ETCDCTL_CERT=/etc/etcd/tls/server.crt
export ETCDCTL_KEY=/etc/etcd/tls/server.key
name=main prefix=/service/main/
wanted='User: main Role main KV Read: [/service/main/, /service/main0) (prefix /service/main/) KV Write: [/service/main/, /service/main0) (prefix /service/main/) '
anyone() { etcdctl --command-timeout=5s "$@"; }
as() { ETCDCTL_USER=$1 ETCDCTL_PASSWORD=$2; export ETCDCTL_USER ETCDCTL_PASSWORD; shift 2; anyone "$@"; }
root() ( as root "$ROOT_PASSWORD" "$@" )
logs_in() ( as "$name" "$PATRONI_PASSWORD" get --prefix "$prefix" --limit=1 --keys-only >/dev/null 2>&1 )
may() { [ "$(root user get "$name" --detail 2>/dev/null | tr -s '[:space:]' ' ')" = "$wanted" ]; }
if answer=$(anyone get health --keys-only 2>&1); then echo 'it is disabled'; exit; fi
case $answer in
  *'permission denied'*|*'user name is empty'*) ;;
  *) echo 'etcd does not answer'; exit ;;
esac
if [ -n "$(root get /pgha/main/authentication-unproven --keys-only 2>/dev/null)" ]; then
  echo 'no Patroni has been seen to write with it'
elif ! logs_in; then echo "the user $name cannot log in"
elif ! may; then echo "the user $name may not read and write $prefix, or more than that"
else echo ok; fi
)
