package io.pgha.patroni.internal.rest;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why one member was of no help. */
public record Failure(String code, String text, @Nullable Throwable cause) {
    /** The code that says most comes first: one member's 401 explains more than another one's silence. */
    private static final List<String> BY_WEIGHT = List.of(
            PatroniException.UNAUTHORIZED,
            PatroniException.DCS_UNAVAILABLE,
            PatroniException.TLS,
            PatroniException.BAD_ANSWER,
            PatroniException.UNREACHABLE);

    /** Carries a failure out of {@link #bodyOf}. */
    public static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Failure failure;

        FailedException(Failure failure) {
            super(failure.text(), failure.cause());
            this.failure = failure;
        }

        public Failure failure() {
            return failure;
        }
    }

    /** Returns the body of a reply that is a 200. */
    public static String bodyOf(Reply reply) throws FailedException {
        if (reply instanceof Reply.Answer answer) {
            if (answer.status() == 200) {
                return answer.text();
            }
            throw new FailedException(of(answer));
        }
        throw new FailedException(of((Reply.NoAnswer) reply));
    }

    public static Failure of(Reply.Answer answer) {
        boolean denied = answer.status() == 401 || answer.status() == 403;
        return new Failure(
                denied ? PatroniException.UNAUTHORIZED : PatroniException.BAD_ANSWER,
                "answered " + answer.status() + " with " + answer.message(),
                null);
    }

    public static Failure of(Reply.NoAnswer none) {
        return new Failure(code(none.kind()), text(none), none.cause());
    }

    public static Failure badAnswer(@Nullable String why) {
        return new Failure(PatroniException.BAD_ANSWER, "its answer is not Patroni's: " + why, null);
    }

    static Failure tooLate(Duration limit) {
        return new Failure(PatroniException.UNREACHABLE, "no complete answer within " + DurationText.of(limit), null);
    }

    /** Returns the exception for a request that no member answered usably. */
    public static PatroniException ofAll(Request request, Map<Channel, Failure> failures) {
        String code = weightiest(failures.values());
        String each = failures.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue().text())
                .collect(Collectors.joining("; "));
        Throwable cause = failures.values().stream()
                .filter(failure -> failure.code().equals(code))
                .flatMap(failure -> Optional.ofNullable(failure.cause()).stream())
                .findFirst()
                .orElse(null);
        return new PatroniException(
                Problem.of(code, request + " got no usable answer from any member: " + each, remedy(code, cause)),
                cause);
    }

    /** Returns the exception for a request that only one member was asked. */
    public PatroniException at(Channel channel, Request request) {
        return new PatroniException(
                Problem.of(code, request + " failed at " + channel + ": " + text, remedy(code, cause)), cause);
    }

    private static String weightiest(Collection<Failure> failures) {
        return BY_WEIGHT.stream()
                .filter(code ->
                        failures.stream().anyMatch(failure -> failure.code().equals(code)))
                .findFirst()
                .orElse(PatroniException.UNREACHABLE);
    }

    private static String code(Reply.Kind kind) {
        return switch (kind) {
            case TLS -> PatroniException.TLS;
            case CLOSED_WITHOUT_ANSWER -> PatroniException.DCS_UNAVAILABLE;
            case TOO_LARGE -> PatroniException.BAD_ANSWER;
            case NOT_CONNECTED, BROKEN, TIMED_OUT, CANCELLED -> PatroniException.UNREACHABLE;
        };
    }

    private static String text(Reply.NoAnswer none) {
        return switch (none.kind()) {
            case NOT_CONNECTED -> "no connection (" + none.detail() + ")";
            case TLS -> "TLS failed (" + none.detail() + ")";
            case CLOSED_WITHOUT_ANSWER -> "hung up without an answer";
            case BROKEN -> "the connection broke (" + none.detail() + ")";
            case TIMED_OUT, CANCELLED -> none.detail();
            case TOO_LARGE -> "its answer is " + none.detail() + " long";
        };
    }

    /** What failed on the way to Patroni has a remedy of its own. */
    private static String remedy(String code, @Nullable Throwable cause) {
        return cause instanceof PgHaException known ? known.remedy() : remedy(code);
    }

    static String remedy(String code) {
        return switch (code) {
            case PatroniException.UNAUTHORIZED ->
                "give basicAuth(…) the user and password under restapi.authentication in Patroni's configuration,"
                        + " clientCertificate(…) where restapi.verify_client asks for one, and see that this machine's"
                        + " address is in restapi.allowlist where there is one.";
            case PatroniException.DCS_UNAVAILABLE ->
                "see whether Patroni reaches etcd: journalctl -u patroni on a member, and the health of the etcd cluster.";
            case PatroniException.TLS ->
                "give trust(…) the certificate of the authority that signed the members' certificates, name members as their"
                        + " certificates do, and give clientCertificate(…) where restapi.verify_client is required.";
            case PatroniException.BAD_ANSWER ->
                "see that the endpoint is Patroni's REST API (port 8008 by default) and not a proxy or another service.";
            default ->
                "see that Patroni runs on the members (systemctl status patroni) and that this machine may connect to"
                        + " their REST API, or give route(…) a tunnel to them.";
        };
    }
}
