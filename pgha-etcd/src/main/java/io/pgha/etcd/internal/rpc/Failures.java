package io.pgha.etcd.internal.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pgha.Problem;
import io.pgha.etcd.EtcdException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Turns what gRPC and etcd say into problems with remedies. Stateless; no I/O. */
public final class Failures {
    private static final Set<String> MEMBERS_OWN =
            Set.of(EtcdException.UNREACHABLE, EtcdException.NO_QUORUM, EtcdException.TLS);

    private static final String LEADER_CHANGED = "leader changed";

    private Failures() {}

    public static EtcdException of(String code, String message, String remedy) {
        return new EtcdException(Problem.of(code, message, remedy), null);
    }

    static EtcdException closed() {
        return of(EtcdException.CLOSED, "The client of etcd is closed", "Open another one with Etcd.client(..).");
    }

    /** Another member may give a better answer. */
    public static boolean mayLieInTheMember(EtcdException failure) {
        return MEMBERS_OWN.contains(failure.code());
    }

    /** A leader was elected while the request waited for one; the next one is served. */
    static boolean electionCameBetween(EtcdException failure) {
        return failure.getCause() instanceof StatusRuntimeException said
                && Optional.ofNullable(said.getStatus().getDescription())
                        .orElse("")
                        .contains(LEADER_CHANGED);
    }

    public static EtcdException of(URI member, StatusRuntimeException failure) {
        Status status = failure.getStatus();
        String said = Optional.ofNullable(status.getDescription()).orElse("no reason given");
        String text = said.toLowerCase(Locale.ROOT);
        Optional<SSLException> tls = cause(failure, SSLException.class);
        Problem problem;
        if (tls.isPresent()) {
            problem = Problem.of(
                    EtcdException.TLS,
                    member + " and this client do not agree on TLS: "
                            + tls.get().getMessage(),
                    "The member must show a certificate of the trusted authority for the address in this URL, and accept this"
                            + " client's: look at trust(…) and clientCertificate(…), and at the member's journal.");
        } else if (text.contains("space exceeded")) {
            problem = Problem.of(
                    EtcdException.NO_SPACE,
                    member + ": the database is full, etcd takes no writes (alarm NOSPACE)",
                    "Call reclaimSpace(): it compacts, defragments and disarms the alarm. Then find what filled it, or raise"
                            + " etcd(e -> e.quotaBackendBytes(..)).");
        } else if (status.getCode() == Status.Code.UNAUTHENTICATED
                || status.getCode() == Status.Code.PERMISSION_DENIED
                || text.contains("authentication failed")
                || text.contains("invalid auth token")
                || text.contains("user name is empty")
                || text.contains("user name not found")
                || text.contains("user not found")
                || text.contains("permission denied")) {
            problem = Problem.of(
                    EtcdException.UNAUTHORIZED,
                    member + " does not let this user do that: " + said,
                    "Give user(name, password) of an etcd user whose role covers it: etcdctl user get NAME --detail.");
        } else if (text.contains("unhealthy cluster")) {
            problem = Problem.of(
                    EtcdException.UNHEALTHY,
                    member
                            + " refused to change the membership: too few members have been connected to one another for the"
                            + " last seconds. Nothing was changed",
                    "Wait until all members are healthy, then try again.");
        } else if (text.contains("no leader")
                || text.contains("request timed out")
                || text.contains(LEADER_CHANGED)
                || text.contains("not healthy for reconfigure")) {
            problem = Problem.of(
                    EtcdException.NO_QUORUM,
                    member + " has no leader that a quorum follows: " + said,
                    "Start the members that are down (systemctl start etcd there). If the data of a majority is lost, restore a"
                            + " snapshot.");
        } else if (status.getCode() == Status.Code.UNAVAILABLE
                || text.contains(
                        "stopped") // "raft: stopped", "etcdserver: server stopped": it has left or is about to end
                || cause(failure, IOException.class)
                        .isPresent() // "channel closed", which gRPC does not call unavailable
                || status.getCode() == Status.Code.CANCELLED
                || status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            String why = status.getCode() == Status.Code.DEADLINE_EXCEEDED ? "no answer in time" : said;
            problem = Problem.of(
                    EtcdException.UNREACHABLE,
                    member + " does not answer: " + why + root(failure),
                    "Look at systemctl status etcd there, and whether its port can be reached from here.");
        } else {
            problem = Problem.of(
                    EtcdException.REFUSED,
                    member + " refused: " + said,
                    "Look at status() of the client and at the member's journal (journalctl -u etcd).");
        }
        return new EtcdException(problem, failure);
    }

    static EtcdException all(List<Problem> failures) {
        if (failures.size() == 1) {
            return new EtcdException(failures.get(0), null);
        }
        Optional<Problem> quorum = failures.stream()
                .filter(problem -> problem.code().equals(EtcdException.NO_QUORUM))
                .findFirst();
        Problem main = quorum.orElseGet(() -> failures.isEmpty()
                ? Problem.of(EtcdException.UNREACHABLE, "no member was asked in time", "Raise requestTimeout.")
                : failures.get(0));
        String each = failures.stream().map(Problem::message).collect(Collectors.joining("\n  "));
        return of(main.code(), "No member of etcd gives an answer:\n  " + each, main.remedy());
    }

    private static <T> Optional<T> cause(Throwable failure, Class<T> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return Optional.of(kind.cast(cause));
            }
        }
        return Optional.empty();
    }

    private static String root(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    }
}
