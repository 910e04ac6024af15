package io.pgha.examples.deploy;

import io.pgha.PgHa;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabConfig;
import io.pgha.examples.lab.LocalLab;
import io.pgha.examples.quickstart.LabTarget;
import io.pgha.host.Transport;
import io.pgha.run.RunEvent;
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

    /** Deploys, and says on standard output how many steps are done. */
    public static void main(String[] args) throws InterruptedException {
        LabConfig lab = LabConfig.builder().number(Integer.parseInt(args[3])).build();
        Transport transport = LabCluster.transport(Path.of(args[0]), Path.of(args[1]));
        try (PgHa pgha = LabCluster.open(transport, Path.of(args[2]))) {
            LabCluster.settled(pgha.cluster(LabTarget.config(lab)))
                    .plan()
                    .apply(run -> run.listener(event -> {
                        if (event instanceof RunEvent.StepFinished finished) {
                            System.out.println(DONE + finished.done());
                        }
                    }));
        }
    }

    /**
     * Starts a deploy and kills it with SIGKILL once so many steps are done; returns how many it had told of by then.
     */
    static int killAfter(int steps, LocalLab lab, Path state) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeployerProcess.class.getName(),
                        lab.privateKey().toString(),
                        lab.knownHosts().toString(),
                        state.toString(),
                        String.valueOf(lab.config().number())))
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
