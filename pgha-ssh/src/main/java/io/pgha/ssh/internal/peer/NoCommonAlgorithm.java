package io.pgha.ssh.internal.peer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a negotiation failed over.
 *
 * @param kind sshj's name of what was negotiated
 * @param ours what is offered here
 * @param theirs what the server offers
 */
record NoCommonAlgorithm(String kind, List<String> ours, List<String> theirs) {
    private static final Pattern SSHJ =
            Pattern.compile("Unable to reach a settlement of (\\w+): \\[(.*)] and \\[(.*)]", Pattern.DOTALL);

    /** Reads it from sshj's message; empty where that is about something else. */
    static Optional<NoCommonAlgorithm> of(String reason) {
        Matcher matcher = SSHJ.matcher(reason);
        return matcher.matches()
                ? Optional.of(new NoCommonAlgorithm(matcher.group(1), list(matcher.group(2)), list(matcher.group(3))))
                : Optional.empty();
    }

    /** Splits a list, without the entries that are not algorithms but flags. */
    private static List<String> list(String names) {
        return Arrays.stream(names.split(", *", -1))
                .filter(name -> !name.isEmpty() && !name.startsWith("ext-info-") && !name.startsWith("kex-strict-"))
                .toList();
    }

    /** Returns what there is not, and both sides' lists. */
    String message() {
        return what() + " in common with us; it offers " + String.join(", ", theirs) + "; we have "
                + String.join(", ", ours);
    }

    /** Returns the line of sshd_config that helps. */
    String remedy() {
        String both = String.join(",", theirs) + (theirs.isEmpty() ? "" : ",") + ours.get(0);
        String hostKey =
                kind.equals("HostKeyAlgorithms") ? " ; and make it the host keys that are missing: ssh-keygen -A" : "";
        return "allow one of ours in its sshd_config, for example: " + setting() + " " + both
                + " , then: systemctl reload ssh" + hostKey + " ; an OpenSSH before 7.0 has to be upgraded.";
    }

    private String what() {
        return switch (setting()) {
            case "KexAlgorithms" -> "key exchange";
            case "HostKeyAlgorithms" -> "kind of host key";
            case "Ciphers" -> "cipher";
            case "MACs" -> "message authentication code";
            default -> "compression";
        };
    }

    private String setting() {
        return kind.startsWith("KeyExchange")
                ? "KexAlgorithms"
                : kind.startsWith("HostKey")
                        ? "HostKeyAlgorithms"
                        : kind.contains("Cipher") ? "Ciphers" : kind.contains("MAC") ? "MACs" : "Compression";
    }
}
