package io.pgha.examples.deploy;

import io.pgha.PgHa;
import io.pgha.certs.CaStore;
import io.pgha.certs.Certs;
import io.pgha.etcd.Etcd;
import io.pgha.examples.lab.LocalLab;
import io.pgha.examples.quickstart.LabTarget;
import io.pgha.host.Transport;
import io.pgha.model.Secret;
import io.pgha.patroni.Patroni;
import io.pgha.run.RunEvent;
import io.pgha.spi.SecretStore;
import io.pgha.ssh.Ssh;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A deployer in a process of its own, to be killed in the middle of its work. */
final class DeployerProcess {
    private static final String DONE = "done ";

    private DeployerProcess() {}

    /** The library on the lab's hosts, with its state in a directory that outlives the process. */
    static PgHa open(Transport transport, Path state) {
        return PgHa.builder()
                .transport(transport)
                .secrets(SecretStore.directory(state.resolve("secrets")))
                .install(Certs.component(
                        CaStore.directory(state.resolve("pki"), Secret.of("a passphrase of the tests"))))
                .install(Etcd.component())
                .install(Patroni.component())
                .build();
    }

    /** Deploys, and says on standard output how many steps are done. */
    public static void main(String[] args) throws InterruptedException {
        Transport transport = Ssh.transport(
                ssh -> ssh.user("ops").privateKey(Path.of(args[0])).knownHosts(Path.of(args[1])));
        try (PgHa pgha = open(transport, Path.of(args[2]))) {
            pgha.cluster(LabTarget.config())
                    .plan()
                    .apply(run -> run.listener(event -> {
                        if (event instanceof RunEvent.StepFinished finished) {
                            System.out.println(DONE + finished.done());
                        }
                    }));
        }
    }

    /** Starts a deploy and kills it with SIGKILL once so many steps are done; returns how many it had told of by then. */
    static int killAfter(int steps, LocalLab lab, Path state) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeployerProcess.class.getName(),
                        lab.privateKey().toString(),
                        lab.knownHosts().toString(),
                        state.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int told = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null && told < steps) {
                told = line.startsWith(DONE) ? Integer.parseInt(line.substring(DONE.length())) : told;
                line = told < steps ? out.readLine() : line;
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return told;
    }
}
