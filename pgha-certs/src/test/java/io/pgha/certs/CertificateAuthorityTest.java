package io.pgha.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.certs.internal.authority.Authority;
import io.pgha.certs.internal.cluster.CertificateViews;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.model.pki.PkiConfig;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.secret.Secret;
import io.pgha.tls.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.5Z");
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.create(ca -> ca.cluster("orders"));
    private static final Map<KeyAlgorithm, CertificateAuthority> OF_EACH_KIND = new ConcurrentHashMap<>();

    @TempDir
    Path directory;

    /** Making an RSA key takes a second or more: one authority of each kind is enough. */
    private static CertificateAuthority of(KeyAlgorithm algorithm) {
        return OF_EACH_KIND.computeIfAbsent(
                algorithm,
                kind -> CertificateAuthority.create(ca -> ca.cluster("orders").keyAlgorithm(kind)));
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void openssl_accepts_chain_and_key_of_every_algorithm(KeyAlgorithm algorithm)
            throws IOException, InterruptedException {
        CertificateBundle leaf = of(algorithm).issue(Requests.server(), YEAR);
        verify(of(algorithm), leaf);
        assertThat(Openssl.ok(leaf.privateKey().reveal(), "pkey", "-pubout"))
                .isEqualTo(Openssl.ok(leaf.certificate(), "x509", "-noout", "-pubkey"));
        assertThat(of(algorithm)
                        .defect(
                                leaf.certificate(),
                                Requests.server(),
                                PkiConfig.builder().keyAlgorithm(algorithm).build()))
                .isEmpty();
        String text = Openssl.ok(leaf.certificate(), "x509", "-noout", "-text");
        switch (algorithm) {
            case EC_P256 -> assertThat(text).contains("NIST CURVE: P-256");
            case EC_P384 -> assertThat(text).contains("NIST CURVE: P-384");
            case RSA_3072 -> assertThat(text).contains("(3072 bit)", "Digital Signature, Key Encipherment\n");
            case RSA_4096 -> assertThat(text).contains("(4096 bit)", "Digital Signature, Key Encipherment\n");
        }
    }

    @Test
    void a_leaf_may_have_a_key_of_another_kind_than_its_authority() throws IOException, InterruptedException {
        CertificateBundle leaf = AUTHORITY.issue(Requests.server(), YEAR, KeyAlgorithm.RSA_3072);
        assertThat(Openssl.ok(leaf.certificate(), "x509", "-noout", "-text")).contains("(3072 bit)");
        verify(AUTHORITY, leaf);
    }

    @Test
    void openssl_reads_the_authority_as_it_is_meant() throws IOException, InterruptedException {
        assertThat(Openssl.ok(AUTHORITY.trustedCertificates(), "x509", "-noout", "-text")
                        .replaceAll(" +", " "))
                .contains("Subject: CN = pgha orders CA\n")
                .contains("Issuer: CN = pgha orders CA\n")
                .contains("Basic Constraints: critical\n CA:TRUE, pathlen:0\n")
                .contains("Key Usage: critical\n Certificate Sign, CRL Sign\n")
                .contains("X509v3 Subject Key Identifier")
                .contains("NIST CURVE: P-256");
    }

    @Test
    void openssl_reads_the_leaf_as_it_is_meant() throws IOException, InterruptedException {
        String leaf = AUTHORITY.issue(Requests.server(), YEAR).certificate();
        assertThat(Openssl.ok(leaf, "x509", "-noout", "-text").replaceAll(" +", " "))
                .contains("Subject: CN = pg1\n")
                .contains("Basic Constraints: critical\n CA:FALSE\n")
                .contains("Key Usage: critical\n Digital Signature\n")
                .contains("TLS Web Server Authentication, TLS Web Client Authentication\n")
                .contains("X509v3 Subject Key Identifier", "X509v3 Authority Key Identifier")
                .contains("DNS:pg1, DNS:localhost, DNS:pg1.example.net, IP Address:127.0.0.1, "
                        + "IP Address:0:0:0:0:0:0:0:1, IP Address:FD00:0:0:0:0:0:0:10, IP Address:10.0.0.11\n");
    }

    @Test
    void a_certificate_without_common_name_has_critical_names() throws Exception {
        CertificateBundle leaf = AUTHORITY.issue(Requests.withoutCommonName(), YEAR);
        assertThat(Openssl.ok(leaf.certificate(), "x509", "-noout", "-text").replaceAll(" +", " "))
                .containsPattern("Subject: ?\n")
                .contains("X509v3 Subject Alternative Name: critical\n DNS:pg1, DNS:localhost,");
        verify(AUTHORITY, leaf, "-verify_hostname", "pg1");
        assertThat(CertificateViews.of(x509(leaf)).toString()).startsWith("DNS=pg1, generation ");
        assertThat(AUTHORITY.defect(
                        leaf.certificate(),
                        Requests.withoutCommonName(),
                        PkiConfig.builder().build()))
                .isEmpty();
        CertificateRequest nobody = CertificateRequest.builder().usage("etcd").build();
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> AUTHORITY.issue(nobody, YEAR))
                .withMessageContaining("for nobody");
    }

    @Test
    void hosts_and_addresses_match_as_openssl_matches_them() throws IOException, InterruptedException {
        CertificateBundle leaf = AUTHORITY.issue(Requests.server(), YEAR);
        verify(AUTHORITY, leaf, "-verify_hostname", "PG1.example.net");
        verify(AUTHORITY, leaf, "-verify_ip", "fd00::10");
        verify(AUTHORITY, leaf, "-verify_ip", "10.0.0.11");
        Path trusted = Files.writeString(directory.resolve("ca.crt"), AUTHORITY.trustedCertificates());
        assertThat(Openssl.run(leaf.certificate(), "verify", "-CAfile", trusted.toString(), "-verify_ip", "10.0.0.12")
                        .status())
                .isNotZero();
    }

    @Test
    void openssl_refuses_a_leaf_of_another_authority_of_the_same_name() throws IOException, InterruptedException {
        CertificateAuthority other = CertificateAuthority.create(ca -> ca.cluster("orders"));
        Path trusted = Files.writeString(directory.resolve("ca.crt"), other.trustedCertificates());
        String leaf = AUTHORITY.issue(Requests.server(), YEAR).certificate();
        assertThat(Openssl.run(leaf, "verify", "-CAfile", trusted.toString()).status())
                .isNotZero();
    }

    @Test
    void serial_numbers_are_random_and_positive() {
        Set<BigInteger> serials = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            serials.add(x509(AUTHORITY.issue(Requests.named("pg1"), YEAR)).getSerialNumber());
        }
        assertThat(serials).hasSize(200).allMatch(serial -> serial.signum() > 0 && serial.bitLength() <= 159);
        assertThat(serials).allMatch(serial -> serial.shiftRight(128).equals(BigInteger.ONE), "tell generation 1");
    }

    @Test
    void a_leaf_is_valid_from_an_hour_ago_for_machines_whose_clock_is_behind() {
        CertificateAuthority old = opened(authorityAt(NOW.minus(YEAR), Duration.ofDays(3650)), NOW);
        X509Certificate leaf = x509(old.issue(Requests.server(), YEAR));
        assertThat(leaf.getNotBefore()).isEqualTo("2026-01-01T11:00:00Z");
        assertThat(leaf.getNotAfter()).isEqualTo("2027-01-01T12:00:00Z");
    }

    @Test
    void a_leaf_is_never_valid_when_its_authority_is_not() {
        CertificateBundle kept = authorityAt(NOW, Duration.ofDays(100));
        X509Certificate authority = x509(kept);
        X509Certificate leaf = x509(opened(kept, NOW.minusSeconds(1800)).issue(Requests.server(), YEAR));
        assertThat(leaf.getNotBefore()).isEqualTo(authority.getNotBefore());
        assertThat(leaf.getNotAfter()).isEqualTo(authority.getNotAfter());
    }

    @Test
    void an_authority_that_has_ended_issues_nothing() {
        CertificateAuthority ended = opened(authorityAt(NOW, Duration.ofDays(1)), NOW.plus(Duration.ofDays(2)));
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> ended.issue(Requests.server(), YEAR))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.authority-expired"))
                .withMessageContaining("pgha orders CA")
                .withMessageContaining("To fix:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.9S", "P36501D"})
    void a_validity_that_makes_no_sense_is_refused(String validity) {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> AUTHORITY.issue(Requests.server(), Duration.parse(validity)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.invalid-validity"));
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() ->
                        CertificateAuthority.create(ca -> ca.cluster("orders").validity(Duration.parse(validity))))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.invalid-validity"));
    }

    @Test
    void a_long_cluster_name_still_makes_a_common_name() throws IOException, InterruptedException {
        CertificateAuthority authority = CertificateAuthority.create(ca -> ca.cluster("c".repeat(120)));
        assertThat(x509(authority.bundle()).getSubjectX500Principal().getName())
                .isEqualTo("CN=pgha " + "c".repeat(56) + " CA");
        verify(authority, authority.issue(Requests.server(), YEAR));
    }

    @Test
    void a_client_needs_no_alternative_names() throws IOException, InterruptedException {
        CertificateRequest client = CertificateRequest.builder()
                .commonName("pgha operator")
                .usage("client")
                .build();
        CertificateBundle leaf = AUTHORITY.issue(client, YEAR);
        verify(AUTHORITY, leaf);
        assertThat(AUTHORITY.defect(
                        leaf.certificate(), client, PkiConfig.builder().build()))
                .isEmpty();
    }

    @Test
    void an_authority_that_was_kept_is_the_same_when_it_is_opened() throws IOException, InterruptedException {
        CertificateBundle kept = AUTHORITY.bundle();
        CertificateAuthority opened = CertificateAuthority.open(kept.certificate(), kept.privateKey());
        assertThat(opened.fingerprint()).isEqualTo(AUTHORITY.fingerprint());
        assertThat(Openssl.ok(opened.trustedCertificates(), "x509", "-noout", "-fingerprint", "-sha256"))
                .isEqualTo("sha256 Fingerprint=" + AUTHORITY.fingerprint() + "\n");
        verify(AUTHORITY, opened.issue(Requests.server(), YEAR));
    }

    @Test
    void an_authority_below_another_brings_its_issuer_along() throws IOException, InterruptedException {
        Path root = directory.resolve("root.crt");
        Path rootKey = directory.resolve("root.key");
        Openssl.ok(
                "",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:secp521r1",
                "-noenc",
                "-subj",
                "/CN=root",
                "-addext",
                "keyUsage=critical,keyCertSign",
                "-keyout",
                rootKey.toString(),
                "-out",
                root.toString());
        Path below = directory.resolve("below.crt");
        Path belowKey = directory.resolve("below.key");
        Openssl.ok(
                "",
                "req",
                "-x509",
                "-CA",
                root.toString(),
                "-CAkey",
                rootKey.toString(),
                "-newkey",
                "rsa:2048",
                "-noenc",
                "-subj",
                "/O=Example/CN=below",
                "-addext",
                "keyUsage=critical,keyCertSign",
                "-addext",
                "subjectKeyIdentifier=00:01:02:03",
                "-keyout",
                belowKey.toString(),
                "-out",
                below.toString());
        CertificateAuthority authority = CertificateAuthority.open(
                Files.readString(below) + Files.readString(root), Secret.of(Files.readString(belowKey)));
        CertificateBundle leaf = authority.issue(Requests.server(), YEAR);
        assertThat(Openssl.ok(leaf.certificate(), "x509", "-noout", "-text")).contains("NIST CURVE: P-256");
        verify(authority, leaf);
        assertThat(Certificates.all(leaf.certificate()))
                .as("whoever trusts only the root finds the way")
                .hasSize(2)
                .element(1)
                .isEqualTo(Certificates.all(Files.readString(below)).get(0));
        Path sent = Files.writeString(directory.resolve("sent.crt"), leaf.certificate());
        assertThat(Openssl.ok("", "verify", "-CAfile", root.toString(), "-untrusted", sent.toString(), sent.toString()))
                .contains("OK");
        assertThat(authority.defect(
                        leaf.certificate(),
                        Requests.server(),
                        PkiConfig.builder().build()))
                .isEmpty();
    }

    @Test
    void certificate_and_key_of_two_authorities_are_refused() {
        CertificateAuthority other = CertificateAuthority.create(ca -> ca.cluster("orders"));
        for (CertificateAuthority stranger : List.of(other, of(KeyAlgorithm.RSA_3072))) {
            assertThatExceptionOfType(PkiException.class)
                    .isThrownBy(() -> CertificateAuthority.open(
                            AUTHORITY.trustedCertificates(), stranger.bundle().privateKey()))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("pki.key-mismatch"));
        }
    }

    @Test
    void a_leaf_is_no_authority() {
        CertificateBundle leaf = AUTHORITY.issue(Requests.server(), YEAR);
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> CertificateAuthority.open(leaf.certificate(), leaf.privateKey()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.not-an-authority"));
    }

    @Test
    void what_is_not_pem_is_no_authority() {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> CertificateAuthority.open(
                        "certificate", AUTHORITY.bundle().privateKey()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.store-damaged"));
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> CertificateAuthority.open(AUTHORITY.trustedCertificates(), Secret.of("hidden text")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.store-damaged"))
                .withMessageNotContaining("hidden text");
    }

    @Test
    void text_forms_hide_the_key() {
        CertificateBundle leaf = AUTHORITY.issue(Requests.server(), YEAR);
        assertThat(AUTHORITY.toString() + AUTHORITY.bundle() + leaf).doesNotContain("PRIVATE");
        assertThat(AUTHORITY).hasToString("CN=pgha orders CA, EC P-256, until " + AUTHORITY.notAfter());
    }

    @Test
    void the_providers_of_the_process_stay_as_they_were() {
        Provider[] before = Security.getProviders();
        CertificateAuthority.create(ca -> ca.cluster("orders")).issue(Requests.server(), YEAR);
        assertThat(Security.getProviders()).isEqualTo(before);
        assertThat(Security.getProvider("BC")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec:P-256", "ec:P-384", "ec:P-521", "rsa:2048", "rsa:4096"})
    void a_request_of_another_program_is_signed_for_its_names(String kind) throws IOException, InterruptedException {
        String pem = request(kind, "/O=ignored/CN=app-01", "DNS:App-01.example.net,IP:10.1.2.3,IP:fd00::1,email:a@b.c");
        String signed = AUTHORITY.sign(pem, YEAR);
        verify(AUTHORITY, new CertificateBundle(signed, Secret.of("")));
        assertThat(Openssl.ok(signed, "x509", "-noout", "-pubkey"))
                .isEqualTo(Openssl.ok(pem, "req", "-noout", "-pubkey"));
        assertThat(Openssl.ok(signed, "x509", "-noout", "-text").replaceAll(" +", " "))
                .contains("Subject: CN = app-01\n", "CA:FALSE")
                .contains("DNS:app-01.example.net, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:0:1\n")
                .doesNotContain("email");
    }

    @Test
    void the_signer_may_decide_for_whom_a_request_is() throws IOException, InterruptedException {
        String signed = AUTHORITY.sign(request("ec:P-256", "/CN=postgres", "DNS:pg1"), Requests.named("app-02"), YEAR);
        assertThat(Openssl.ok(signed, "x509", "-noout", "-text").replaceAll(" +", " "))
                .contains("Subject: CN = pg1\n", "DNS:app-02\n")
                .doesNotContain("postgres");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa:1024", "ec:secp224r1"})
    void a_request_with_a_weak_key_is_refused(String kind) throws IOException, InterruptedException {
        refuses(request(kind, "/CN=app", "DNS:app"), "is too weak");
    }

    @Test
    void a_request_that_is_not_signed_by_its_key_is_refused() throws IOException, InterruptedException {
        String pem = request("ec:P-256", "/CN=app", "DNS:app");
        refuses("no request at all", "there is no CERTIFICATE REQUEST");
        refuses(AUTHORITY.trustedCertificates(), "there is no CERTIFICATE REQUEST");
        byte[] good = Pem.first(pem, "CERTIFICATE REQUEST").orElseThrow().der();
        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            if (sameRequest(changed, good)) {
                continue; // a BOOLEAN that is true in another way
            }
            refuses(Pem.write("CERTIFICATE REQUEST", changed), "");
        }
        for (int length = 0; length < good.length; length += 7) {
            refuses(Pem.write("CERTIFICATE REQUEST", Arrays.copyOf(good, length)), "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/CN=app\u0001", "/CN=-", "/O=only"})
    void a_request_for_a_name_that_cannot_be_is_refused(String subject) throws IOException, InterruptedException {
        String pem = request("ec:P-256", subject, "DNS:app");
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> AUTHORITY.sign(pem, YEAR))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.invalid-name"));
    }

    private static boolean sameRequest(byte[] one, byte[] other) {
        try {
            return Arrays.equals(
                    new PKCS10CertificationRequest(one).toASN1Structure().getEncoded("DER"), other);
        } catch (IOException | IllegalArgumentException unreadable) {
            return false;
        }
    }

    private static void refuses(String request, String why) {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> AUTHORITY.sign(request, YEAR))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.invalid-request"))
                .withMessageContaining(why);
    }

    /** What openssl makes for a new key: {@code ec:CURVE} or {@code rsa:BITS}. */
    private String request(String kind, String subject, String names) throws IOException, InterruptedException {
        Path key = directory.resolve("app.key");
        List<String> parts = List.of(kind.split(":", -1));
        String option =
                parts.get(0).equals("ec") ? "ec_paramgen_curve:" + parts.get(1) : "rsa_keygen_bits:" + parts.get(1);
        Openssl.ok("", "genpkey", "-algorithm", parts.get(0), "-pkeyopt", option, "-out", key.toString());
        return Openssl.ok(
                "",
                "req",
                "-new",
                "-key",
                key.toString(),
                "-utf8",
                "-subj",
                subject,
                "-addext",
                "subjectAltName=" + names,
                "-addext",
                "basicConstraints=critical,CA:TRUE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec:P-256", "ec:P-384", "rsa:3072"})
    void an_authority_that_openssl_made_is_used_whatever_form_its_key_has(String kind)
            throws IOException, InterruptedException {
        String pem = request(kind, "/O=Example/CN=company", "DNS:unused");
        Path key = directory.resolve("app.key");
        Path authority = directory.resolve("company.crt");
        Path extensions = Files.writeString(directory.resolve("extensions"), """
                basicConstraints=critical,CA:TRUE,pathlen:0
                keyUsage=critical,keyCertSign,cRLSign
                subjectKeyIdentifier=hash
                """);
        Openssl.ok(
                pem,
                "x509",
                "-req",
                "-key",
                key.toString(),
                "-days",
                "30",
                "-extfile",
                extensions.toString(),
                "-out",
                authority.toString());
        String traditional = Openssl.ok("", "pkey", "-traditional", "-in", key.toString());
        assertThat(traditional).contains(kind.startsWith("ec") ? "BEGIN EC PRIVATE KEY" : "BEGIN RSA PRIVATE KEY");
        for (String form : List.of(Files.readString(key), traditional)) {
            CertificateAuthority opened = CertificateAuthority.open(Files.readString(authority), Secret.of(form));
            verify(opened, opened.issue(Requests.server(), YEAR));
            CertificateBundle kept = opened.bundle();
            assertThat(CertificateAuthority.open(kept.certificate(), kept.privateKey())
                            .fingerprint())
                    .isEqualTo(opened.fingerprint());
        }
    }

    private void verify(CertificateAuthority authority, CertificateBundle leaf, String... more)
            throws IOException, InterruptedException {
        Path trusted = Files.writeString(directory.resolve("ca.crt"), authority.trustedCertificates());
        for (String purpose : List.of("sslserver", "sslclient")) {
            List<String> arguments = new ArrayList<>(
                    List.of("verify", "-x509_strict", "-purpose", purpose, "-CAfile", trusted.toString()));
            arguments.addAll(List.of(more));
            assertThat(Openssl.ok(leaf.certificate(), arguments.toArray(String[]::new)))
                    .contains("OK");
        }
    }

    private static CertificateBundle authorityAt(Instant now, Duration validity) {
        return Authority.create(
                        AuthorityOptions.builder()
                                .cluster("orders")
                                .validity(validity)
                                .build(),
                        Clock.fixed(now, ZoneOffset.UTC))
                .bundle();
    }

    private static CertificateAuthority opened(CertificateBundle kept, Instant now) {
        return new CertificateAuthority(Authority.open(kept, 1, Clock.fixed(now, ZoneOffset.UTC)));
    }

    private static X509Certificate x509(CertificateBundle bundle) {
        return Certificates.all(bundle.certificate()).get(0);
    }
}
