# Written by pgha; changes are overwritten. Only root and etcd can read the key.
export ETCDCTL_API=3
export ETCDCTL_ENDPOINTS=https://192.168.60.101:2379,https://192.168.60.102:2379,https://192.168.60.103:2379,https://192.168.60.104:2379,https://192.168.60.105:2379
export ETCDCTL_CACERT=/etc/etcd/tls/ca.crt
export ETCDCTL_CERT=/etc/etcd/tls/server.crt
export ETCDCTL_KEY=/etc/etcd/tls/server.key
