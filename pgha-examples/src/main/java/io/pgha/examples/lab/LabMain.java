package io.pgha.examples.lab;

import java.util.List;
import java.util.Optional;

/**
 * Commands a lab from a command line: {@code up [--release R]}, {@code down}, {@code status}, {@code exec HOST
 * COMMAND..}, each behind {@code --number N} for another lab than that of the system property {@code pgha.lab.number},
 * or number 0. A lab that is started here stays up until {@code down}.
 */
public final class LabMain {
    private static final String USAGE =
            "usage: LabMain [--number 0..9] up [--release bookworm|trixie] | down | status | exec HOST COMMAND..";
    private static final String NO_LAB = "no lab is up";
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private final int number;

    private LabMain(int number) {
        this.number = number;
    }

    /**
     * Runs one command and ends the JVM with its status: that of the command on the host for {@code exec}, else 0, 1 if
     * it failed, 2 if it was misused.
     *
     * @param args the command and its arguments
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        int status;
        try {
            status = run(List.of(args));
        } catch (LabException e) {
            System.err.println(e.getMessage());
            status = FAILED;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            status = MISUSED;
        }
        System.exit(status);
    }

    private static int run(List<String> args) throws InterruptedException {
        if (args.size() > 1 && args.get(0).equals("--number")) {
            return new LabMain(Integer.parseInt(args.get(1))).command(args.subList(2, args.size()));
        }
        return new LabMain(LabConfig.defaultNumber()).command(args);
    }

    private int command(List<String> args) throws InterruptedException {
        return switch (args.isEmpty() ? "" : args.get(0)) {
            case "up" -> up(release(args.subList(1, args.size())));
            case "down" -> say(LocalLab.stopAny(number) ? "the lab is down" : NO_LAB);
            case "status" ->
                say(LocalLab.running(number).map(LabStatus::toString).orElse(NO_LAB));
            case "exec" -> exec(args.subList(1, args.size()));
            default -> throw new IllegalArgumentException("unknown command: " + args);
        };
    }

    private static int say(String text) {
        System.out.println(text);
        return 0;
    }

    private static Release release(List<String> args) {
        if (args.isEmpty()) {
            return Release.TRIXIE;
        }
        if (args.size() == 2 && args.get(0).equals("--release")) {
            return Release.of(args.get(1));
        }
        throw new IllegalArgumentException("unknown arguments: " + args);
    }

    private int up(Release release) throws InterruptedException {
        try (LocalLab lab = LocalLab.start(config -> config.number(number).release(release))) {
            lab.keep();
        }
        return say(LocalLab.running(number).map(LabStatus::toString).orElse(NO_LAB));
    }

    private int exec(List<String> args) throws InterruptedException {
        if (args.size() < 2) {
            throw new IllegalArgumentException("exec needs a host and a command");
        }
        Optional<LocalLab> attached = LocalLab.attach(number);
        if (attached.isEmpty()) {
            System.err.println("no lab was left up; start one with: LabMain up");
            return FAILED;
        }
        try (LocalLab lab = attached.get()) {
            ExecResult result = lab.host(args.get(0)).exec(String.join(" ", args.subList(1, args.size())));
            System.out.print(result.out());
            System.err.print(result.err());
            return result.exit();
        }
    }
}
