// Rehearses a deploy in memory: nothing is touched, everything is planned.
ClusterConfig config = ClusterConfig.builder().name("postgresql-cluster").topology(t -> t.node("postgres-01", "192.168.60.103", ETCD, POSTGRES).node("postgres-02", "192.168.60.104", ETCD, POSTGRES).node("postgres-03", "192.168.60.105", ETCD, POSTGRES).node("haproxy-01", "192.168.60.100", HAPROXY).node("haproxy-02", "192.168.60.101", HAPROXY).vip("192.168.60.110/24")).build();
PgHa pgha = PgHa.builder().transport(InMemoryTransport.of("trixie")).secrets(SecretStore.memory()).install(Certs.component(CaStore.memory())).install(Etcd.component()).install(Patroni.component()).build();
Cluster cluster = pgha.cluster(config);
Plan plan = cluster.plan();
System.out.println(plan);
RunReport report = plan.apply(run -> run.listener(RunListener.console()));
Plan second = cluster.plan();
System.out.println(second);
// What would a smaller ttl change?
ClusterConfig faster = ClusterConfig.builder().from(config).patroni(p -> p.ttl(Duration.ofSeconds(20)).loopWait(Duration.ofSeconds(5)).retryTimeout(Duration.ofSeconds(5))).build();
System.out.println(pgha.cluster(faster).plan().details());
pgha.close();
