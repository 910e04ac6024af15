// Looks at a cluster that is there, changes a parameter and takes it back, through SSH. The cluster and the way to it are said by the
// environment that JShell is started in:
//   PGHA_CONFIG         the cluster in YAML (cluster.yaml)
//   PGHA_USER           the SSH user (root)
//   PGHA_KEY            its private key (~/.ssh/id_ed25519)
//   PGHA_KNOWN_HOSTS    the hosts' keys (~/.ssh/known_hosts)
//   PGHA_STATE          where passwords and the certificate authority are kept (~/.pgha)
//   PGHA_CA_PASSPHRASE  protects the authority's key
String said(String name, String otherwise) { return Objects.requireNonNullElse(System.getenv(name), otherwise); }
Path home = Path.of(System.getProperty("user.home"));
Path state = Path.of(said("PGHA_STATE", home + "/.pgha"));
ClusterConfig config = ConfigCodec.yaml().read(Path.of(said("PGHA_CONFIG", "cluster.yaml")));
Transport hosts = Ssh.transport(ssh -> ssh.user(said("PGHA_USER", "root")).
    privateKey(Path.of(said("PGHA_KEY", home + "/.ssh/id_ed25519"))).
    knownHosts(Path.of(said("PGHA_KNOWN_HOSTS", home + "/.ssh/known_hosts"))));
CaStore authority = CaStore.directory(state.resolve("pki"), Secret.of(said("PGHA_CA_PASSPHRASE", "")));
PgHa pgha = PgHa.builder().
    transport(hosts).
    secrets(SecretStore.directory(state.resolve("secrets"))).
    install(Certs.component(authority)).
    install(Etcd.component()).
    install(Patroni.component()).
    build();
Cluster cluster = pgha.cluster(config);
// What does a plan find to do?
show(cluster.plan());
// Patroni: who leads, and a parameter there and back.
PatroniClient patroni = Patroni.client(cluster);
show(patroni.view());
DynamicConfig before = patroni.showConfig();
show(patroni.previewConfig(c -> c.parameter("log_min_duration_statement", "2s")));
show(patroni.editConfig(c -> c.parameter("log_min_duration_statement", "2s")));
show(patroni.editConfig(c -> c.replace(before.yaml())));
show(patroni.health(h -> h.check(HealthCheck.REPLICA)));
show(patroni.dsn(REPLICA));
patroni.close();
// etcd, with a certificate of the cluster's authority.
EtcdClient etcd = Etcd.client(cluster);
show(etcd.status());
show(etcd.dcs().view());
etcd.close();
// Every certificate, in its file and as its daemon shows it.
CertsClient certs = Certs.client(cluster);
show(certs.status());
show(certs.expiring(Duration.ofDays(30)));
certs.close();
show(cluster.plan());
pgha.close();
