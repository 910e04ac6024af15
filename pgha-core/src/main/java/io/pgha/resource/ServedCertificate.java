package io.pgha.resource;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.host.ShellClock;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.time.Duration;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * A daemon that shows at its ports the certificate that is in its file: proof, by a TLS handshake, that it has taken
 * over a new one. Where it has not, it is asked once more. Immutable and thread-safe.
 */
@Value.Immutable
public interface ServedCertificate extends Resource {
    /** What the probe prints where all is well. */
    String OK = "ok";

    /**
     * Returns the certificate, with its {@link CertificateResource#endpoints()}.
     *
     * @return the certificate
     */
    CertificateResource certificate();

    /**
     * Returns what makes the daemon read the file, for one that has not done so by itself.
     *
     * @return POSIX {@code sh}; by default nothing
     */
    @Value.Default
    default String reload() {
        return ":";
    }

    /**
     * Returns what a port that nobody answers at means.
     *
     * @return {@link Silence#DEFECT} by default
     */
    @Value.Default
    default Silence silence() {
        return Silence.DEFECT;
    }

    /**
     * Returns how long the daemon may take.
     *
     * @return the limit; 60 s by default
     */
    @Value.Default
    default Duration limit() {
        return Duration.ofSeconds(60);
    }

    @Override
    @Value.Derived
    default String id() {
        return "served:" + certificate().path();
    }

    @Override
    @Value.Derived
    default String title() {
        return "make sure that " + certificate().path() + " is served";
    }

    @Override
    default Volatility volatility() {
        return Volatility.TRANSIENT;
    }

    @Override
    default Probe probe() {
        return new Probe(id(), check() + "if served; then echo ok; else echo \"$why\"; fi", "not served yet");
    }

    @Override
    default Optional<Change> diff(Observation observation) {
        if (!observation.text().equals(OK)) {
            return Optional.of(Change.of(observation.text(), Impact.NONE));
        }
        return observation.triggers().stream().findFirst().map(trigger -> Change.of(trigger.cause(), Impact.NONE));
    }

    /** A daemon reloads when it gets round to it: only one that has had a third of the time is asked again. */
    @Override
    default Act.OnHost act(Observation observation) {
        return Act.onHost(
                Command.builder()
                        .script(check()
                                + ShellClock.DEFINITION
                                + Script.of("""
                            clock; began=$clock again=
                            until served; do
                              clock; passed=$(( clock - began ))
                              if [ $passed -ge {{limit}} ]; then
                                echo "Still not so after {{limit}} s: $why"
                                exit 1
                              fi
                              if [ -z "$again" ] && [ $passed -ge {{third}} ]; then again=done; {{reload}}; fi
                              sleep 0.2
                            done
                            """)
                                        .value("limit", limit().toSeconds())
                                        .value("third", limit().toSeconds() / 3)
                                        .part("reload", reload())
                                        .render())
                        .timeout(limit().plusSeconds(30))
                        .build(),
                OK);
    }

    /**
     * Defines {@code served}, which says in {@code why} what is not so. What openssl prints of the server's certificate
     * is the text that is in the file: comparing both costs no further process. Nobody's signature is judged here, so
     * the system's authorities stay unread: that would take openssl longer than the handshake.
     */
    private String check() {
        String file = quote(certificate().path());
        StringBuilder script = new StringBuilder("served() {\nwanted=$(sed '/END CERTIFICATE/q' ")
                .append(file)
                .append(" 2>/dev/null)\n[ -n \"$wanted\" ] || { why=")
                .append(quote("there is no " + certificate().path()))
                .append("; ")
                .append(silence() == Silence.DEFECT ? "return 1" : "return 0")
                .append("; }\n");
        for (TlsEndpoint endpoint : certificate().endpoints()) {
            script.append("shown=$(timeout 5 openssl s_client -no-CAfile -no-CApath -no-CAstore -cert ")
                    .append(file)
                    .append(" -key ")
                    .append(quote(certificate().keyPath()))
                    .append(endpoint.opening() == TlsEndpoint.Opening.POSTGRES ? " -starttls postgres" : "")
                    .append(" -connect ")
                    .append(quote(endpoint.place().toString()))
                    .append(" </dev/null 2>/dev/null)\ncase $shown in\n*\"$wanted\"*) ;;\n")
                    .append("*'BEGIN CERTIFICATE'*) why=")
                    .append(quote(endpoint + " serves another certificate than the one in "
                            + certificate().path()))
                    .append("; return 1 ;;\n")
                    .append(
                            silence() == Silence.DEFECT
                                    ? "*) why=" + quote(endpoint + " answers no TLS handshake") + "; return 1 ;;\n"
                                    : "")
                    .append("esac\n");
        }
        return script.append("}\n").toString();
    }

    /** Names what it means that nobody answers at a port. */
    enum Silence {
        /** The daemon should run by now. */
        DEFECT,
        /** The daemon is started later, or brought back by whoever watches over it. */
        NOT_RUNNING
    }

    /**
     * Returns a builder.
     *
     * @param certificate the certificate, with its endpoints
     * @return a new builder
     */
    static Builder of(CertificateResource certificate) {
        return new Builder().certificate(certificate);
    }

    /** Builds a {@link ServedCertificate}. Confined to one thread. */
    final class Builder extends ImmutableServedCertificate.Builder {
        Builder() {}
    }
}
