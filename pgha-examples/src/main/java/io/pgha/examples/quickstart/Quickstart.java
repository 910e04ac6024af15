package io.pgha.examples.quickstart;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.PgHaException;
import io.pgha.examples.lab.LabStatus;
import io.pgha.examples.lab.LocalLab;
import io.pgha.examples.lab.Release;
import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.plan.Plan;
import io.pgha.run.RunListener;
import io.pgha.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * From bare hosts to a running cluster: plan, deploy, look, plan again; and in the lab, or where asked, write and
 * switch over.
 */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = "Starts six Debian hosts on this machine and makes a highly available PostgreSQL cluster of them;"
                + " or, with --config, deploys to hosts of your own, and does nothing else there.")
public final class Quickstart implements Callable<Integer> {
    @Option(names = "--release", description = "Debian release of the lab: bookworm or trixie (default: trixie)")
    private Release release = Release.TRIXIE;

    @Option(names = "--floor", description = "measure first what no deployer can do without")
    private boolean floor;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to a file")
    private @Nullable Path json;

    @Option(
            names = "--down",
            description =
                    "take the lab down and leave the machine as it was, but for the root file systems in /var/cache/pgha-lab")
    private boolean down;

    @Option(names = "--config", paramLabel = "FILE", description = "deploy this cluster (YAML) to your own hosts")
    private @Nullable Path config;

    @Option(
            names = "--exercise",
            description =
                    "on your own hosts, too: write a row and switch the leader over while writing, in a schema that is"
                            + " made and removed for that")
    private boolean exercise;

    @Option(names = "--inventory-key", paramLabel = "KEY", description = "private SSH key for your own hosts")
    private @Nullable Path key;

    @Option(names = "--user", description = "SSH user on your own hosts (default: ${DEFAULT-VALUE})")
    private String user = "root";

    @Option(names = "--known-hosts", paramLabel = "FILE", description = "host keys of your own hosts")
    private Path knownHosts = Path.of(System.getProperty("user.home"), ".ssh", "known_hosts");

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "where passwords and the certificate authority of your own hosts are kept (default: ~/.pgha)")
    private Path state = Path.of(System.getProperty("user.home"), ".pgha");

    private final Figures figures = new Figures();
    private final Reach reach;
    private final Map<String, String> environment;

    Quickstart(Reach reach, Map<String, String> environment) {
        this.reach = reach;
        this.environment = environment;
    }

    /**
     * Runs it.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(line(new Quickstart(Reach.REAL, System.getenv())).execute(args));
    }

    static CommandLine line(Quickstart quickstart) {
        CommandLine command = new CommandLine(quickstart).setCaseInsensitiveEnumValuesAllowed(true);
        return command.setExecutionExceptionHandler((e, line, parsed) -> {
            if (!(e instanceof PgHaException)) {
                throw e;
            }
            line.getErr().println(e.getMessage());
            return 1;
        });
    }

    @Override
    public Integer call() throws Exception {
        if (down) {
            takeDown();
        } else if (config != null) {
            deploy(ownHosts(config));
        } else {
            deployToLab();
        }
        if (json != null) {
            figures.writeTo(json);
        }
        return 0;
    }

    private static void takeDown() throws InterruptedException, IOException {
        say(LocalLab.stopAny() ? "The lab is down." : "There was no lab to take down.");
        deleteRecursively(LabTarget.STATE);
    }

    private Target ownHosts(Path file) {
        if (key == null) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "--config needs --inventory-key, the private SSH key for your hosts");
        }
        Path privateKey = key;
        ClusterConfig cluster = ConfigCodec.yaml().read(file);
        String passphrase = Optional.ofNullable(environment.get("PGHA_CA_PASSPHRASE"))
                .orElseThrow(() -> new CommandLine.ParameterException(
                        new CommandLine(this),
                        "Set PGHA_CA_PASSPHRASE: it protects the key of the cluster's certificate authority in "
                                + state));
        return new Target(
                cluster,
                reach.hosts(ssh -> ssh.user(user).privateKey(privateKey).knownHosts(knownHosts)),
                state,
                Secret.of(passphrase));
    }

    private void deployToLab() throws Exception {
        boolean kept = LocalLab.running()
                .filter(lab -> lab.ownership() == LabStatus.Ownership.KEPT)
                .isPresent();
        if (kept) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this),
                    "The cluster of an earlier run is still up. To begin anew: pgha-examples/quickstart --down");
        }
        say("Starting six " + release.codename() + " hosts on this machine ...");
        long began = System.nanoTime();
        figures.put("release", release.codename());
        try (LocalLab lab = LocalLab.start(any -> any.release(release))) {
            deleteRecursively(LabTarget.STATE); // not before: another quickstart may be under way
            say("Six hosts answer after " + Figures.text(since(began)) + ".");
            if (floor) {
                measureFloor(lab);
            }
            deploy(LabTarget.of(lab));
            ConfigCodec.yaml().write(LabTarget.config(lab.config()), LabTarget.STATE.resolve("cluster.yaml"));
            lab.keep();
            say(lookAround(lab));
        }
    }

    private void measureFloor(LocalLab lab) throws InterruptedException {
        say("Measuring the floor: apt-get and the bare PostgreSQL commands, all hosts at once ...");
        try (var transport = LabTarget.transport(lab)) {
            Duration took = new Floor(LabTarget.config(lab.config()), transport).measure();
            figures.seconds("floorSeconds", took);
            say("The floor is " + Figures.text(took) + "; back to bare hosts ...");
        }
        lab.reset();
    }

    private void deploy(Target target) throws InterruptedException, IOException, SQLException {
        try (PgHa pgha = target.open()) {
            Cluster cluster = pgha.cluster(target.config());
            say("\n" + cluster.config() + "\n");

            long began = System.nanoTime();
            Plan plan = cluster.plan();
            figures.seconds("planSeconds", since(began));
            figures.put("steps", plan.steps().size());
            say(plan.toString() + "\n");

            began = System.nanoTime();
            plan.apply(run -> run.listener(RunListener.console()));
            figures.seconds("deploySeconds", since(began));

            try (PatroniClient patroni = reach.patroni(cluster)) {
                say("\n" + patroni.view());
                if ((config == null || exercise)
                        && !cluster.config().haproxyNodes().isEmpty()) {
                    useIt(cluster, patroni, target.state().resolve("ca.crt"));
                }
            }

            began = System.nanoTime();
            Plan second = cluster.plan();
            figures.seconds("secondPlanSeconds", since(began));
            figures.put("secondPlanChanges", second.steps().size());
            say("\nSecond plan: " + second + "\n\nFigures:\n" + figures);
        }
    }

    private void useIt(Cluster cluster, PatroniClient patroni, Path trust)
            throws IOException, SQLException, InterruptedException {
        try (Writer writer = Writer.on(cluster, trust)) {
            say("\nThrough the virtual IP: " + writer.writeAndRead());
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(30));
            writer.resetGap();
            SwitchoverResult result = patroni.switchover(switchover -> switchover);
            say("Switchover while writing: " + result);
            writer.awaitMore(50, Duration.ofSeconds(30));
            figures.put("switchoverGapMillis", writer.gap().toMillis());
            figures.put("acknowledged", writer.acknowledged());
            figures.put("lost", writer.stopAndCountLost());
        }
        say("\n" + patroni.view());
    }

    private static String lookAround(LocalLab lab) {
        ClusterConfig cluster = LabTarget.config(lab.config());
        return """

                The cluster stays up. To look around:
                  ssh -i %1$s -o UserKnownHostsFile=%2$s ops@%3$s sudo -i patronictl list
                  ssh -i %1$s -o UserKnownHostsFile=%2$s ops@%3$s sudo journalctl -u patroni -f
                  psql "host=%5$s port=5000 user=postgres sslmode=verify-full sslrootcert=%4$s/ca.crt"
                    (the password is in %4$s/secrets/postgresql-cluster/postgres.superuser)
                From JShell, beginning with a tour (the cluster's YAML, passwords and authority are in %4$s):
                  PGHA_CONFIG=%4$s/cluster.yaml PGHA_STATE=%4$s PGHA_USER=ops PGHA_KEY=%1$s \\
                    PGHA_KNOWN_HOSTS=%2$s PGHA_CA_PASSPHRASE=$(cat %4$s/ca-passphrase) \\
                    pgha-examples/jshell/run operate
                To take it down:
                  pgha-examples/quickstart --down""".formatted(
                        lab.privateKey(),
                        lab.knownHosts(),
                        cluster.postgresNodes().get(0).address(),
                        LabTarget.STATE,
                        cluster.topology().vips().get(0).address());
    }

    private static void deleteRecursively(Path directory) throws IOException {
        if (Files.exists(directory)) {
            List<Path> paths;
            try (Stream<Path> walk = Files.walk(directory)) {
                paths = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : paths) {
                Files.delete(path);
            }
        }
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
