package io.pgha.resource;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.spi.Act;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.immutables.value.Value;

/**
 * A certificate and its key on a node. The key is made when the step runs and kept nowhere else; a certificate that is
 * on the node already is judged and kept while it is good. Immutable and thread-safe.
 */
@Value.Immutable
public interface CertificateResource extends Resource {

    /**
     * Returns for whom the certificate is.
     *
     * @return the request
     */
    CertificateRequest request();

    /**
     * Returns who issues and judges it.
     *
     * @return the authority
     */
    Pki pki();

    /**
     * Returns where the certificate is; the key lies beside it as {@code .key}.
     *
     * @return the absolute path, ending in {@code .crt}
     */
    String path();

    /**
     * Returns who owns both files.
     *
     * @return {@code user:group}
     */
    String owner();

    /**
     * Returns where the daemon shows the certificate.
     *
     * @return the ports; empty by default
     */
    List<TlsEndpoint> endpoints();

    @Override
    List<Notification> notifies();

    /**
     * Returns where the private key is.
     *
     * @return the absolute path
     */
    @Value.Derived
    default String keyPath() {
        return path().substring(0, path().length() - ".crt".length()) + ".key";
    }

    @Override
    @Value.Derived
    default String id() {
        return "certificate:" + path();
    }

    @Override
    @Value.Derived
    default String title() {
        return "issue " + path();
    }

    @Override
    default Probe probe() {
        return new Probe(
                id(),
                List.of(HostFile.Look.CONTENT.batch(path(), pairPath()), HostFile.Look.HASH.batch(path(), keyPath())),
                printed -> observation(printed.get(0)),
                "absent");
    }

    private String observation(String printed) {
        Optional<HostFile> certificate = plain(HostFile.Look.CONTENT, printed, path());
        Optional<HostFile> key = plain(HostFile.Look.HASH, printed, keyPath());
        if (certificate.isEmpty() || key.isEmpty()) {
            return "absent";
        }
        return certificate.get().attributes() + " " + key.get().attributes()
                + (isPair(printed) ? " pair\n" : " mismatch\n")
                + certificate.get().base64();
    }

    /**
     * That both belong together is told by their hashes, which were written behind them: far cheaper than asking
     * openssl each time.
     */
    private boolean isPair(String printed) {
        List<String> issued = plain(HostFile.Look.CONTENT, printed, pairPath()).stream()
                .flatMap(pair -> pair.text().lines())
                .map(line -> line.replaceFirst("^\\\\?([0-9a-f]*) .*", "$1"))
                .toList();
        List<String> there = Stream.of(keyPath(), path())
                .flatMap(path -> plain(HostFile.Look.HASH, printed, path).stream())
                .map(HostFile::digits)
                .toList();
        return issued.equals(there);
    }

    private static Optional<HostFile> plain(HostFile.Look look, String printed, String path) {
        return look.find(printed, path).filter(HostFile::plain);
    }

    private String pairPath() {
        return path() + ".pair";
    }

    @Override
    default Optional<Change> diff(Observation observation) {
        return reason(observation.text()).map(reason -> Change.of(reason, Impact.NONE));
    }

    private Optional<String> reason(String text) {
        int end = text.indexOf('\n');
        if (end < 0) {
            return Optional.of("absent");
        }
        String attributes = text.substring(0, end);
        if (!attributes.equals(attributes())) {
            return Optional.of(
                    attributes.endsWith("mismatch")
                            ? "certificate and key are not the pair that was issued"
                            : "is " + attributes + ", should be " + attributes());
        }
        return pki().defect(certificate(text).orElse(""), request());
    }

    /**
     * Returns the certificate among what the probe answered.
     *
     * @param text the answer
     * @return the PEM text; empty where there is none
     */
    default Optional<String> certificate(String text) {
        int end = text.indexOf('\n');
        return end < 0
                ? Optional.empty()
                : Optional.of(new String(Base64.getDecoder().decode(text.substring(end + 1)), StandardCharsets.UTF_8));
    }

    private String attributes() {
        return "644 " + owner() + " 600 " + owner() + " pair";
    }

    @Override
    default Act.OnHost act(Observation observation) {
        CertificateBundle bundle = pki().issue(request());
        byte[] key = bundle.privateKey().reveal().getBytes(StandardCharsets.UTF_8);
        byte[] certificate = bundle.certificate().getBytes(StandardCharsets.UTF_8);
        return Act.onHost(
                Command.builder()
                        .script(Pending.mark(notifies())
                                + Script.of("""
                            set -e
                            umask 022
                            crt={{crt}} key={{key}}
                            d=${crt%/*}; mkdir -p "$d"
                            umask 077
                            k=$(mktemp "$d/.pgha.XXXXXXXX"); c=$(mktemp "$d/.pgha.XXXXXXXX"); trap 'rm -f "$k" "$c"' EXIT
                            head -c {{length}} >"$k"; cat >"$c"
                            chown {{owner}} "$k" "$c"; chmod 600 "$k"; chmod 644 "$c"
                            sync "$k" "$c"; mv -fT "$k" "$key"; mv -fT "$c" "$crt"
                            sha256sum "$key" "$crt" >"$crt.pair"; sync "$crt.pair" "$d"
                            """)
                                        .value("crt", path())
                                        .value("key", keyPath())
                                        .value("owner", owner())
                                        .value("length", key.length)
                                        .render())
                        .stdin(bundle.privateKey().reveal() + bundle.certificate())
                        .build(),
                attributes() + "\n" + Base64.getEncoder().encodeToString(certificate));
    }

    /**
     * Returns a builder.
     *
     * @param path where the certificate is, ending in {@code .crt}
     * @return a new builder
     */
    static Builder at(String path) {
        return new Builder().path(path);
    }

    /** Builds a {@link CertificateResource}. Confined to one thread. */
    final class Builder extends ImmutableCertificateResource.Builder {
        Builder() {}
    }
}
