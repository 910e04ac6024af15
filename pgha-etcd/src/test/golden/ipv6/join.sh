set -e
clock() { read -r clock _ </proc/uptime; clock=${clock%%.*}; }
live=
name=db-01 url='https://[fd00:60::101]:2380' wal=/var/lib/etcd/main/member/wal founders='db-01=https://[fd00:60::101]:2380,db-02=https://[fd00:60::102]:2380,db-03=https://[fd00:60::103]:2380'
if [ ! -e /run/pgha/etcd-founder ]; then
:
[ -n "$live" ] || ! { printf %s 'GET /metrics HTTP/1.0
Host: pgha
Content-Type: application/json
Content-Length: 0

' | timeout 5 openssl s_client -quiet -verify_quiet -verify_return_error -CAfile /etc/etcd/tls/ca.crt -verify_ip fd00:60::102 -cert /etc/etcd/tls/server.crt -key /etc/etcd/tls/server.key -connect '[fd00:60::102]:2379' 2>/dev/null || true; } | awk '{sub(/\r$/, "")} NR==1 {print $2; seen=1; next} body {print} /^$/ {body=1} END {if (!seen) print "000"}' | grep -q '^etcd_server_has_leader 1' || live='https://[fd00:60::102]:2379'
[ -n "$live" ] || ! { printf %s 'GET /metrics HTTP/1.0
Host: pgha
Content-Type: application/json
Content-Length: 0

' | timeout 5 openssl s_client -quiet -verify_quiet -verify_return_error -CAfile /etc/etcd/tls/ca.crt -verify_ip fd00:60::103 -cert /etc/etcd/tls/server.crt -key /etc/etcd/tls/server.key -connect '[fd00:60::103]:2379' 2>/dev/null || true; } | awk '{sub(/\r$/, "")} NR==1 {print $2; seen=1; next} body {print} /^$/ {body=1} END {if (!seen) print "000"}' | grep -q '^etcd_server_has_leader 1' || live='https://[fd00:60::103]:2379'
fi
rm -f /run/pgha/etcd-founder
state=new members=$founders
if [ -n "$live" ]; then
  ctl() {
    ETCDCTL_API=3 etcdctl --endpoints="$live" --cacert=/etc/etcd/tls/ca.crt --cert=/etc/etcd/tls/server.crt --key=/etc/etcd/tls/server.key \
      --command-timeout=10s "$@"
  }
  me=$(ctl member list | awk -F', ' -v url="$url" '$4 == url { print $1, ($5 == "" ? "waiting" : "known") }')
  case $me in *known) ctl member remove "${me%% *}"; me= ;; esac
  if [ -z "$me" ]; then
    clock; until=$(( clock + 90 ))
    until answer=$(ctl member add "$name" --peer-urls="$url" 2>&1); do
      clock
      if [ $clock -ge $until ]; then echo "$answer"; exit 1; fi
      sleep 0.5
    done
  fi
  state=existing
  members=$(ctl member list | awk -F', ' -v founders="$founders" -v url="$url" -v name="$name" '
    BEGIN { n = split(founders, f, ","); for (i = 1; i <= n; i++) { c = index(f[i], "="); of[substr(f[i], c + 1)] = substr(f[i], 1, c - 1) } }
    { m = $4 == url ? name : ($3 == "" ? of[$4] : $3); printf "%s%s=%s", (NR > 1 ? "," : ""), m, $4 }')
fi
umask 022
printf 'ETCD_INITIAL_CLUSTER_STATE=%s\nETCD_INITIAL_CLUSTER="%s"\n' "$state" "$members" >/etc/etcd/first-start.env.new
mv -f /etc/etcd/first-start.env.new /etc/etcd/first-start.env
systemctl daemon-reload
systemctl --quiet enable etcd
rm -f /var/lib/pgha/pending/etcd
systemctl restart --no-block etcd
clock; until=$(( clock + 45 ))
while [ ! -d "$wal" ]; do
  clock
  if [ $clock -ge $until ]; then
    echo "etcd does not start as a member ($state: $members). Its journal ends with:"
    journalctl -u etcd -n 20 --no-pager -o cat
    exit 1
  fi
  sleep 0.1
done
