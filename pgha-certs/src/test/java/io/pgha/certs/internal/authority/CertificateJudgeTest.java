package io.pgha.certs.internal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.certs.AuthorityOptions;
import io.pgha.certs.Openssl;
import io.pgha.certs.PkiException;
import io.pgha.certs.Requests;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.model.pki.PkiConfig;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateJudgeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final PkiConfig DEFAULTS = PkiConfig.builder().build();
    private static final CertificateBundle KEPT = Authority.create(
                    AuthorityOptions.builder().cluster("orders").build(), Clock.fixed(NOW, ZoneOffset.UTC))
            .bundle();
    private static final String GOOD = at(NOW).issue(Requests.server(), YEAR).certificate();

    @TempDir
    Path directory;

    @Test
    void what_was_just_issued_is_good() {
        assertThat(at(NOW).defect(GOOD, Requests.server(), DEFAULTS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nMIIB\n"
            })
    void what_cannot_be_read_is_replaced(String pem) {
        assertThat(at(NOW).defect(pem, Requests.server(), DEFAULTS)).contains("is not a readable certificate");
    }

    @Test
    void a_certificate_that_was_cut_or_changed_is_replaced() {
        Authority authority = at(NOW);
        byte[] good = Pem.first(GOOD, Pem.CERTIFICATE).orElseThrow().der();
        for (int i = 0; i < good.length; i += 3) {
            byte[] changed = good.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            assertThat(judged(authority, changed)).as("bit of byte %d", i).isNotEmpty();
            assertThat(judged(authority, Arrays.copyOf(good, i)))
                    .as("first %d bytes", i)
                    .isNotEmpty();
        }
        assertThat(judged(authority, Arrays.copyOf(good, good.length + 1))).isNotEmpty();
        assertThat(judged(authority, good)).isEmpty();
    }

    @Test
    void a_stranger_of_the_same_name_is_found_out_by_its_signature() {
        Authority stranger =
                Authority.create(AuthorityOptions.builder().cluster("orders").build(), Clock.systemUTC());
        Authority other =
                Authority.create(AuthorityOptions.builder().cluster("invoices").build(), Clock.systemUTC());
        for (Authority foreign : new Authority[] {stranger, other}) {
            assertThat(at(Instant.now())
                            .defect(foreign.issue(Requests.server(), YEAR).certificate(), Requests.server(), DEFAULTS))
                    .contains("was not issued by this authority");
        }
    }

    @Test
    void the_authoritys_own_certificate_is_no_nodes() {
        assertThat(at(NOW).defect(KEPT.certificate(), Requests.server(), DEFAULTS))
                .contains("is an authority's certificate");
    }

    @Test
    void every_missing_name_and_address_is_told() {
        assertThat(judged(Requests.named("pg2"))).contains("lacks the name pg2");
        assertThat(judged(CertificateRequest.builder()
                        .from(Requests.server())
                        .address("10.0.0.12")
                        .build()))
                .contains("lacks the address 10.0.0.12");
        assertThat(judged(CertificateRequest.builder()
                        .from(Requests.server())
                        .address("fd00::11")
                        .build()))
                .contains("lacks the address fd00:0:0:0:0:0:0:11");
    }

    @Test
    void case_order_and_spelling_of_names_do_not_matter() {
        assertThat(judged(CertificateRequest.builder()
                        .commonName("pg1")
                        .usage("etcd")
                        .names("PG1.EXAMPLE.NET", "pg1")
                        .addresses("FD00:0::10", "0:0:0:0:0:0:0:1")
                        .build()))
                .isEmpty();
    }

    @Test
    void another_common_name_is_told() {
        CertificateRequest other = CertificateRequest.builder()
                .from(Requests.server())
                .commonName("pg2")
                .build();
        assertThat(judged(other)).contains("is for CN=pg1, should be for CN=pg2");
    }

    @Test
    void a_common_name_where_none_should_be_is_told() {
        assertThat(judged(Requests.withoutCommonName())).contains("is for CN=pg1, should be for no common name");
    }

    @Test
    void another_kind_of_key_is_told() throws IOException, InterruptedException {
        assertThat(at(NOW).defect(
                                GOOD,
                                Requests.server(),
                                PkiConfig.builder()
                                        .keyAlgorithm(KeyAlgorithm.RSA_3072)
                                        .build()))
                .contains("key is EC P-256, should be RSA 3072");
        assertThat(judged(byOpenssl("rsa:2048", "", "serverAuth,clientAuth")))
                .contains("key is RSA 2048, should be EC P-256");
        assertThat(judged(byOpenssl("ed25519", "", "serverAuth,clientAuth")))
                .contains("key is Ed25519, should be EC P-256");
        assertThat(judged(byOpenssl("ec", "ec_paramgen_curve:secp384r1", "serverAuth,clientAuth")))
                .contains("key is EC P-384, should be EC P-256");
    }

    @Test
    void a_missing_extended_key_usage_is_told() throws IOException, InterruptedException {
        assertThat(judged(byOpenssl("ec", "ec_paramgen_curve:prime256v1", "serverAuth")))
                .contains("lacks the extended key usage clientAuth");
        assertThat(judged(byOpenssl("ec", "ec_paramgen_curve:prime256v1", "clientAuth")))
                .contains("lacks the extended key usage serverAuth");
    }

    @Test
    void it_is_renewed_in_time_and_not_before() {
        Instant end = NOW.plus(YEAR);
        Instant due = end.minus(DEFAULTS.renewBefore());
        assertThat(at(due.minusSeconds(1)).defect(GOOD, Requests.server(), DEFAULTS))
                .isEmpty();
        assertThat(at(due).defect(GOOD, Requests.server(), DEFAULTS))
                .contains("expires on 2027-01-01, in less than 60 days");
        assertThat(at(end.plusSeconds(1)).defect(GOOD, Requests.server(), DEFAULTS))
                .contains("expired on 2027-01-01");
    }

    @Test
    void what_a_wrong_clock_made_is_told() {
        assertThat(at(NOW.minus(Duration.ofDays(2))).defect(GOOD, Requests.server(), DEFAULTS))
                .contains("is not valid before 2026-01-01");
    }

    @Test
    void a_leaf_that_lives_as_long_as_its_authority_is_not_renewed_for_ever() {
        Instant late = NOW.plus(Duration.ofDays(3640));
        String leaf = at(late).issue(Requests.server(), YEAR).certificate();
        assertThat(at(late).defect(leaf, Requests.server(), DEFAULTS)).isEmpty();
    }

    @Test
    void a_request_that_cannot_be_issued_is_refused_before_anything_runs() {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> judged(Requests.named("*.example.net")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.invalid-name"));
    }

    private static Optional<String> judged(CertificateRequest request) {
        return at(NOW).defect(GOOD, request, DEFAULTS);
    }

    private Optional<String> judged(String pem) {
        return at(Instant.now()).defect(pem, Requests.named("pg1"), DEFAULTS);
    }

    private static Optional<String> judged(Authority authority, byte[] der) {
        return authority.defect(Pem.write(Pem.CERTIFICATE, der), Requests.server(), DEFAULTS);
    }

    private static Authority at(Instant now) {
        return Authority.open(KEPT, 1, Clock.fixed(now, ZoneOffset.UTC));
    }

    /** What a hand-made certificate of the same authority looks like. */
    private String byOpenssl(String kind, String option, String usage) throws IOException, InterruptedException {
        Path authority = Files.writeString(directory.resolve("ca.crt"), KEPT.certificate());
        Path key =
                Files.writeString(directory.resolve("ca.key"), KEPT.privateKey().reveal());
        List<String> arguments = new ArrayList<>(List.of(
                "req",
                "-x509",
                "-CA",
                authority.toString(),
                "-CAkey",
                key.toString(),
                "-noenc",
                "-subj",
                "/CN=pg1",
                "-days",
                "300",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-addext",
                "subjectAltName=DNS:pg1",
                "-addext",
                "extendedKeyUsage=" + usage,
                "-keyout",
                directory.resolve("leaf.key").toString(),
                "-newkey",
                kind));
        if (!option.isEmpty()) {
            arguments.addAll(List.of("-pkeyopt", option));
        }
        String output = Openssl.ok("", arguments.toArray(String[]::new));
        return output.substring(output.indexOf("-----BEGIN CERTIFICATE-----"));
    }
}
