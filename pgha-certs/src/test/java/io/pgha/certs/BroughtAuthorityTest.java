package io.pgha.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.pgha.certs.internal.authority.Authority;
import io.pgha.certs.internal.cluster.ClusterPki;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.model.ClusterConfig;
import io.pgha.model.NodeRole;
import io.pgha.model.pki.PkiConfig;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.secret.Secret;
import io.pgha.tls.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorities that openssl made, of every kind that somebody might bring. */
class BroughtAuthorityTest {
    private static final String EC = "EC:P-256";
    private static final String SIGNS = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n";
    private static final String BOTH =
            "extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n";
    private static final Secret PASSPHRASE = Secret.of("correct horse");

    @TempDir
    Path directory;

    private int made;

    /** What openssl made. */
    private record Made(Path certificate, Path key) {
        String crt() throws IOException {
            return Files.readString(certificate);
        }

        Secret secret() throws IOException {
            return Secret.of(Files.readString(key));
        }

        CertificateAuthority open(Made... issuers) throws IOException {
            StringBuilder certificates = new StringBuilder(crt());
            for (Made issuer : issuers) {
                certificates.append(issuer.crt());
            }
            return CertificateAuthority.open(certificates.toString(), secret());
        }
    }

    private Path key(String kind) throws IOException, InterruptedException {
        Path key = directory.resolve(made++ + ".key");
        List<String> arguments = new ArrayList<>(List.of("genpkey", "-out", key.toString(), "-algorithm"));
        String[] parts = kind.split(":", -1);
        arguments.add(parts[0]);
        if (parts[0].equals("EC")) {
            arguments.addAll(List.of("-pkeyopt", "ec_paramgen_curve:" + parts[1]));
        } else if (parts[0].startsWith("RSA")) {
            arguments.addAll(List.of("-pkeyopt", "rsa_keygen_bits:" + parts[1]));
        }
        Openssl.ok("", arguments.toArray(new String[0]));
        return key;
    }

    private Made root(String kind, String extensions) throws IOException, InterruptedException {
        return made(kind, extensions, Optional.empty());
    }

    private Made below(Made issuer, String extensions, String... more) throws IOException, InterruptedException {
        return made(EC, extensions, Optional.of(issuer), more);
    }

    private Made made(String kind, String extensions, Optional<Made> issuer, String... more)
            throws IOException, InterruptedException {
        Path key = key(kind);
        Path request = directory.resolve(made + ".csr");
        Path certificate = directory.resolve(made + ".crt");
        Path file = Files.writeString(directory.resolve(made + ".ext"), extensions);
        Openssl.ok("", "req", "-new", "-key", key.toString(), "-subj", "/CN=made-" + made, "-out", request.toString());
        List<String> arguments = new ArrayList<>(List.of(
                "x509",
                "-req",
                "-days",
                "30",
                "-in",
                request.toString(),
                "-extfile",
                file.toString(),
                "-out",
                certificate.toString()));
        arguments.addAll(
                issuer.isPresent()
                        ? List.of(
                                "-CA",
                                issuer.get().certificate().toString(),
                                "-CAkey",
                                issuer.get().key().toString(),
                                "-CAcreateserial")
                        : List.of("-signkey", key.toString()));
        arguments.addAll(List.of(more));
        Openssl.ok("", arguments.toArray(new String[0]));
        return new Made(certificate, key);
    }

    /** What OpenSSL says of a leaf with both purposes below an authority, as a server's and as a client's. */
    private boolean opensslAccepts(Made authority, Made... issuers) throws IOException, InterruptedException {
        Made leaf = below(authority, BOTH);
        StringBuilder trusted = new StringBuilder(authority.crt());
        for (Made issuer : issuers) {
            trusted.append(issuer.crt());
        }
        Path trust = Files.writeString(directory.resolve(made++ + ".trust"), trusted);
        boolean accepted = true;
        for (String purpose : List.of("sslserver", "sslclient")) {
            accepted &= Openssl.run(
                                    "",
                                    "verify",
                                    "-auth_level",
                                    "2",
                                    "-purpose",
                                    purpose,
                                    "-CAfile",
                                    trust.toString(),
                                    leaf.certificate().toString())
                            .status()
                    == 0;
        }
        return accepted;
    }

    private static void refused(ThrowingCallable opening, String code, String... words) {
        assertThatExceptionOfType(PkiException.class).isThrownBy(opening).satisfies(e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.getMessage()).contains(words);
            assertThat(e.remedy()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serverAuth",
                "clientAuth",
                "anyExtendedKeyUsage",
                "codeSigning",
                "anyExtendedKeyUsage,serverAuth"
            })
    void an_authority_for_one_purpose_only_is_refused(String purposes) throws IOException, InterruptedException {
        Made narrow = root(EC, SIGNS + "extendedKeyUsage=" + purposes + "\n");
        Made below = below(narrow, SIGNS);

        assertThat(opensslAccepts(narrow)).isFalse();
        refused(
                narrow::open,
                "pki.authority-unfit",
                "made-1",
                purposes.endsWith("serverAuth") ? "without clientAuth" : "without",
                purposes.endsWith("serverAuth") ? "TLS client" : "Auth");
        assertThat(opensslAccepts(below, narrow)).isFalse();
        refused(() -> below.open(narrow), "pki.authority-unfit", "Auth");
    }

    @Test
    void an_authority_for_both_purposes_is_taken() throws IOException, InterruptedException {
        Made both = root(EC, SIGNS + "extendedKeyUsage=critical,serverAuth,clientAuth,codeSigning\n");

        assertThat(opensslAccepts(both)).isTrue();
        assertThat(both.open().trustedCertificates()).isEqualTo(both.crt());
    }

    @Test
    void what_openssl_refuses_below_an_authority_is_refused_before_it_is_issued()
            throws IOException, InterruptedException {
        Made root = root(EC, SIGNS);
        Made shallow = root(EC, "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n");
        Made tooDeep = below(shallow, SIGNS);
        assertThat(opensslAccepts(tooDeep, shallow)).isFalse();
        refused(() -> tooDeep.open(shallow), "pki.authority-unfit", "pathlen");

        Made sha1 = below(root, SIGNS, "-sha1");
        assertThat(opensslAccepts(sha1, root)).isFalse();
        refused(() -> sha1.open(root), "pki.authority-unfit", "SHA1");

        Made strange = below(root, SIGNS + "1.2.3.4.5=critical,ASN1:NULL\n");
        assertThat(opensslAccepts(strange, root)).isFalse();
        refused(() -> strange.open(root), "pki.authority-unfit", "1.2.3.4.5");

        Made short1024 = root("RSA:1024", SIGNS);
        assertThat(opensslAccepts(short1024)).isFalse();
        refused(short1024::open, "pki.authority-unfit", "1024");

        Made orphan = below(root, SIGNS);
        assertThat(opensslAccepts(orphan)).isFalse();
        refused(orphan::open, "pki.issuer-missing", "CN=made-");
        assertThat(opensslAccepts(orphan, root)).isTrue();
        assertThatNoException().isThrownBy(() -> orphan.open(root));

        Made elsewhere = root(EC, SIGNS + "nameConstraints=critical,permitted;DNS:example.com\n");
        assertThat(opensslAccepts(elsewhere)).isFalse();
        refused(elsewhere::open, "pki.authority-unfit", "localhost");

        Made noAuthority = root(EC, "basicConstraints=critical,CA:FALSE\n");
        refused(noAuthority::open, "pki.not-an-authority", "CA:TRUE");
        Made noSigner = root(EC, "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n");
        assertThat(opensslAccepts(noSigner)).isFalse();
        refused(noSigner::open, "pki.not-an-authority", "keyCertSign");
        Made belowNoSigner = below(noSigner, SIGNS);
        assertThat(opensslAccepts(belowNoSigner, noSigner)).isFalse();
        refused(() -> belowNoSigner.open(noSigner), "pki.not-an-authority", "keyCertSign");
    }

    @Test
    void an_issuer_that_was_renewed_with_its_key_is_refused_where_openssl_does_not_take_it_for_the_issuer()
            throws IOException, InterruptedException {
        Made root = root(EC, SIGNS + "subjectKeyIdentifier=hash\n");
        Made same = renewed(root, "-addext", "subjectKeyIdentifier=hash");
        Made other = renewed(root, "-addext", "subjectKeyIdentifier=00112233");
        Made byKey = below(root, SIGNS + "authorityKeyIdentifier=keyid:always\n");
        Made byNumber = below(root, SIGNS + "authorityKeyIdentifier=keyid:always,issuer:always\n");
        Made byNothing = below(root, SIGNS + "authorityKeyIdentifier=none\n");

        for (Made authority : List.of(byKey, byNumber, byNothing)) {
            for (Made issuer : List.of(root, same, other)) {
                if (opensslAccepts(authority, issuer)) {
                    assertThatNoException().isThrownBy(() -> authority.open(issuer));
                } else {
                    refused(() -> authority.open(issuer), "pki.issuer-missing", "authorityKeyIdentifier names the ");
                }
                assertThat(authority.open(other, issuer, root, same).trustedCertificates())
                        .startsWith(authority.crt());
            }
        }
        assertThat(opensslAccepts(byKey, same)).isTrue();
        assertThat(opensslAccepts(byNothing, other)).isTrue();
        refused(() -> byKey.open(other), "pki.issuer-missing", "names the key ", ", not 00:11:22:33");
        refused(() -> byNumber.open(same), "pki.issuer-missing", "names the serial number ");
    }

    /** The same name and key in another certificate. */
    private Made renewed(Made root, String... more) throws IOException, InterruptedException {
        Path certificate = directory.resolve(++made + ".crt");
        Path config = Files.writeString(
                directory.resolve(made + ".cnf"),
                "[req]\ndistinguished_name=dn\nx509_extensions=x\n[dn]\n[x]\n" + SIGNS);
        List<String> arguments = new ArrayList<>(List.of(
                "req",
                "-x509",
                "-config",
                config.toString(),
                "-days",
                "60",
                "-key",
                root.key().toString(),
                "-subj",
                "/CN=made-1",
                "-out",
                certificate.toString()));
        arguments.addAll(List.of(more));
        Openssl.ok("", arguments.toArray(new String[0]));
        return new Made(certificate, root.key());
    }

    @Test
    void a_root_that_denies_that_it_has_issued_itself_is_refused() throws IOException, InterruptedException {
        Made root = root(EC, SIGNS + "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=DER:3006800400112233\n");
        assertThat(opensslAccepts(root)).isFalse();
        refused(root::open, "pki.authority-unfit", "calls its issuer, which is itself, the key 00:11:22:33, not ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha1", "sha256", "sha384", "sha512"})
    void of_a_signature_with_pss_the_digest_counts(String digest) throws IOException, InterruptedException {
        Made root = root("RSA:2048", SIGNS);
        Made below = below(root, SIGNS, "-" + digest, "-sigopt", "rsa_padding_mode:pss");

        if (digest.equals("sha1")) {
            assertThat(opensslAccepts(below, root)).isFalse();
            refused(() -> below.open(root), "pki.authority-unfit", "RSASSA-PSS with SHA-1");
        } else {
            assertThat(opensslAccepts(below, root)).isTrue();
            assertThatNoException().isThrownBy(() -> below.open(root));
        }
    }

    @Test
    void of_two_certificates_of_one_key_the_one_whose_issuers_are_given_counts()
            throws IOException, InterruptedException {
        Made self = root(EC, SIGNS + "subjectKeyIdentifier=hash\n");
        Made root = root(EC, SIGNS);
        Made cross = crossSigned(self, root);
        Made below = below(self, SIGNS);
        Made stranger = root(EC, SIGNS);

        assertThat(opensslAccepts(self, cross)).isTrue();
        for (CertificateAuthority authority : List.of(self.open(cross), cross.open(self), self.open(cross, self))) {
            assertThat(authority.trustedCertificates()).isEqualTo(self.crt());
            assertThat(authority.notAfter()).isEqualTo(end(self.crt()));
            verified(authority);
        }
        assertThat(below.open(cross, stranger, self).trustedCertificates())
                .isEqualTo(below.crt() + self.crt() + stranger.crt());
        verified(below.open(cross, self));
        assertThat(self.open(root, cross).trustedCertificates()).isEqualTo(cross.crt() + root.crt() + self.crt());
        verified(self.open(root, cross));
        refused(cross::open, "pki.issuer-missing", "CN=made-2");
    }

    /** The same name and key, signed by another authority for longer. */
    private Made crossSigned(Made own, Made issuer) throws IOException, InterruptedException {
        Path certificate = directory.resolve("cross.crt");
        Openssl.ok(
                "",
                "x509",
                "-req",
                "-days",
                "300",
                "-in",
                own.certificate().toString().replace(".crt", ".csr"),
                "-extfile",
                own.certificate().toString().replace(".crt", ".ext"),
                "-CA",
                issuer.certificate().toString(),
                "-CAkey",
                issuer.key().toString(),
                "-CAcreateserial",
                "-out",
                certificate.toString());
        return new Made(certificate, own.key());
    }

    private void verified(CertificateAuthority authority) throws IOException, InterruptedException {
        Path trust = Files.writeString(directory.resolve("verified.trust"), authority.trustedCertificates());
        String leaf = authority.issue(Requests.server(), Duration.ofDays(1)).certificate();
        assertThat(Openssl.ok(leaf, "verify", "-auth_level", "2", "-CAfile", trust.toString()))
                .contains("OK");
    }

    /** OpenSSL lets these pass; Go's own rules are in its crypto/x509. */
    @Test
    void what_go_refuses_is_refused() throws IOException, InterruptedException {
        Made root = root(EC, SIGNS);
        Made negative = below(root, SIGNS, "-set_serial", "-5");
        refused(() -> negative.open(root), "pki.authority-unfit", "negative serial number");
        Made directories = root(EC, SIGNS + "nameConstraints=critical,permitted;dirName:dir\n[dir]\nO=Example\n");
        refused(directories::open, "pki.authority-unfit", "name constraints");
        Made policies = root(EC, SIGNS + "policyConstraints=critical,requireExplicitPolicy:3\n");
        refused(policies::open, "pki.authority-unfit", "2.5.29.36");
    }

    @Test
    void an_old_root_that_vouches_for_itself_with_sha1_is_taken() throws IOException, InterruptedException {
        Made root = made("RSA:2048", SIGNS, Optional.empty(), "-sha1");
        Made below = below(root, SIGNS);

        assertThat(opensslAccepts(below, root)).isTrue();
        assertThatNoException().isThrownBy(() -> below.open(root));
    }

    @Test
    void nodes_whose_names_are_excluded_are_told_before_anything_is_touched() throws IOException, InterruptedException {
        Made excluding =
                root(EC, SIGNS + "nameConstraints=critical,excluded;DNS:pg1,excluded;IP:10.9.0.0/255.255.0.0\n");
        CaStore store = CaStore.memory();
        Certs.adopt(store, "demo", excluding.open());

        assertThatNoException().isThrownBy(() -> Certs.authority(store, config("pg2", "10.0.0.1")));
        refused(() -> Certs.authority(store, config("pg1", "10.0.0.1")), "pki.authority-unfit", "pg1", "made-");
        refused(() -> Certs.authority(store, config("pg2", "10.9.0.1")), "pki.authority-unfit", "10.9.0.1");
    }

    private static ClusterConfig config(String name, String address) {
        return ClusterConfig.builder()
                .name("demo")
                .topology(t -> t.node(name, address, NodeRole.ETCD, NodeRole.POSTGRES))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC:P-384", "EC:P-521", "ED25519", "RSA:2048"})
    void the_kinds_that_all_know_are_taken(String kind) throws IOException, InterruptedException {
        Made authority = root(kind, SIGNS);
        CertificateBundle leaf = authority
                .open()
                .issue(CertificateRequest.builder().usage("t").name("localhost").build(), Duration.ofDays(1));

        assertThat(Openssl.ok(
                        leaf.certificate(),
                        "verify",
                        "-auth_level",
                        "2",
                        "-CAfile",
                        authority.certificate().toString()))
                .contains("OK");
        CertificateBundle kept = authority.open().bundle();
        assertThat(new CertificateAuthority(Authority.open(kept, 1, Clock.systemUTC())).bundle())
                .isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({
        "EC:brainpoolP256r1, brainpoolP256r1",
        "EC:secp256k1, secp256k1",
        "ED448, Ed448",
        "RSA-PSS:2048, RSASSA-PSS"
    })
    void the_kinds_that_somebody_does_not_know_are_refused_by_name(String kind, String name)
            throws IOException, InterruptedException {
        Made authority = root(kind, SIGNS);

        refused(authority::open, "pki.key-unusable", name);
        Made below = below(authority, SIGNS);
        refused(() -> below.open(authority), "pki.key-unusable", name, "made-");
    }

    @Test
    void the_certificate_of_the_key_is_found_in_any_order() throws IOException, InterruptedException {
        Made root = root(EC, SIGNS);
        Made middle = below(root, SIGNS);
        Made own = below(middle, SIGNS);
        Made stranger = root(EC, SIGNS);
        List<Made> given = List.of(own, middle, root, stranger);
        for (int turn = 0; turn < given.size(); turn++) {
            StringBuilder text = new StringBuilder();
            for (int each = 0; each < given.size(); each++) {
                text.append(
                        given.get((given.size() + turn - each) % given.size()).crt());
            }
            CertificateAuthority authority = CertificateAuthority.open(text.toString(), own.secret());

            assertThat(authority.trustedCertificates())
                    .isEqualTo(own.crt() + middle.crt() + root.crt() + stranger.crt());
            assertThat(authority.toString())
                    .contains(Certificates.all(own.crt())
                            .get(0)
                            .getSubjectX500Principal()
                            .toString());
        }
        refused(
                () -> CertificateAuthority.open(root.crt() + middle.crt(), own.secret()),
                "pki.key-mismatch",
                "CN=made-1; CN=made-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkcs8 -topk8 -v2 aes-256-cbc",
                "pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512",
                "pkcs8 -topk8 -v2 des3",
                "pkcs8 -topk8 -scrypt",
                "pkcs8 -topk8 -v1 PBE-SHA1-3DES",
                "ec -aes256",
                "ec -des3",
                "rsa -traditional -aes128"
            })
    void an_encrypted_key_is_opened_with_its_passphrase(String how) throws IOException, InterruptedException {
        Made authority = root(how.startsWith("rsa") ? "RSA:2048" : EC, SIGNS);
        List<String> arguments = new ArrayList<>(List.of(how.split(" ")));
        arguments.addAll(List.of("-in", authority.key().toString(), "-passout", "pass:" + PASSPHRASE.reveal()));
        Secret encrypted = Secret.of(Openssl.ok("", arguments.toArray(new String[0])));
        assertThat(encrypted.reveal()).contains("ENCRYPTED");

        CertificateAuthority opened = CertificateAuthority.open(authority.crt(), encrypted, PASSPHRASE);
        assertThat(opened.fingerprint()).isEqualTo(authority.open().fingerprint());
        Secret kept = opened.bundle().privateKey();
        assertThat(Openssl.ok(kept.reveal(), "pkey", "-pubout"))
                .isEqualTo(Openssl.ok(authority.secret().reveal(), "pkey", "-pubout"));
        refused(
                () -> CertificateAuthority.open(authority.crt(), encrypted, Secret.of("wrong horse")),
                PkiException.PASSPHRASE_WRONG,
                "passphrase");
        refused(() -> CertificateAuthority.open(authority.crt(), encrypted), "pki.key-encryption", "is encrypted");
    }

    @ParameterizedTest
    @CsvSource({"EC:P-256, ''", "EC:P-521, correct horse", "RSA:2048, ''", "RSA:2048, correct horse"})
    void a_key_in_the_form_of_openssh_is_read_once_the_remedy_was_followed(String kind, String passphrase)
            throws IOException, InterruptedException {
        Made authority = root(kind, SIGNS);
        Path file = Files.copy(authority.key(), directory.resolve("openssh.key"));
        run("chmod 600 FILE && ssh-keygen -p -f FILE -N '" + passphrase + "'", file);
        Made openssh = new Made(authority.certificate(), file);
        assertThat(openssh.secret().reveal()).contains("BEGIN OPENSSH PRIVATE KEY");

        assertThatExceptionOfType(PkiException.class).isThrownBy(openssh::open).satisfies(e -> {
            assertThat(e.code()).isEqualTo(PkiException.STORE_DAMAGED);
            assertThat(e.remedy()).startsWith("Convert a copy of it: ");
            String command = e.remedy().replace("Convert a copy of it: ", "");
            run(command + " -P '" + passphrase + "' -N '" + passphrase + "'", file);
        });
        Secret converted = Secret.of(Files.readString(directory.resolve("openssh.key.new")));
        CertificateAuthority opened = passphrase.isEmpty()
                ? CertificateAuthority.open(authority.crt(), converted)
                : CertificateAuthority.open(authority.crt(), converted, PASSPHRASE);
        assertThat(opened.fingerprint()).isEqualTo(authority.open().fingerprint());
    }

    @Test
    void an_ed25519_key_in_the_form_of_openssh_cannot_be_converted() throws IOException, InterruptedException {
        Path file = directory.resolve("ed25519");
        run("ssh-keygen -t ed25519 -N '' -f FILE", file);
        Made openssh = new Made(root("ED25519", SIGNS).certificate(), file);
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(openssh::open)
                .satisfies(e -> assertThat(e.remedy()).contains("Ed25519").doesNotContain("ssh-keygen"));
    }

    /** Runs what a remedy says. */
    private static void run(String command, Path file) throws IOException, InterruptedException {
        String filled = command.replace("FILE", file.toString()).replace("NEW", file + ".new");
        Process process =
                new ProcessBuilder("sh", "-c", filled).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void what_was_given_instead_is_named() throws IOException, InterruptedException {
        Made authority = root(EC, SIGNS);
        String crt = authority.crt();
        Secret key = authority.secret();
        String csr = Files.readString(directory.resolve("1.csr"));
        String der = new String(Pem.first(crt, Pem.CERTIFICATE).orElseThrow().der(), StandardCharsets.UTF_8);

        String code = PkiException.STORE_DAMAGED;
        refused(() -> CertificateAuthority.open(key.reveal(), Secret.of(crt)), code, "private key stands in its place");
        refused(() -> CertificateAuthority.open(crt, Secret.of(crt)), code, "a certificate stands in its place");
        refused(() -> CertificateAuthority.open(csr, key), code, "a request for one");
        refused(() -> CertificateAuthority.open(der, key), code, "binary");
        refused(() -> CertificateAuthority.open("", key), code, "no certificate");
        refused(() -> CertificateAuthority.open(crt, Secret.of("")), code, "no private key");
        refused(() -> CertificateAuthority.open(crt, Secret.of(key.reveal() + key.reveal())), code, "one of 2");
        refused(() -> CertificateAuthority.open(crt.replace("MI", "M!"), key), code, "not base64");
        String damaged = key.reveal().replaceAll("(?m)^[A-Za-z0-9+/=]+$", "c0nfidential");
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> CertificateAuthority.open(crt, Secret.of(damaged)))
                .withStackTraceContaining("private key")
                .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("c0nfid"));
    }

    @Test
    void text_around_and_line_ends_do_not_matter() throws IOException, InterruptedException {
        Made authority = root(EC, SIGNS);
        CertificateBundle plain = authority.open().bundle();
        for (String crt : List.of(
                "\ufeff" + authority.crt(),
                authority.crt().replace("\n", "\r\n"),
                "Bag Attributes\n    localKeyID: 01\nsubject=CN = x\n" + authority.crt() + "\ntrailing",
                authority.secret().reveal() + authority.crt())) {
            assertThat(CertificateAuthority.open(
                                    crt,
                                    Secret.of("\ufeff"
                                            + authority.secret().reveal().replace("\n", "\r\n")))
                            .bundle())
                    .isEqualTo(plain);
        }
    }

    @Test
    void an_authority_that_is_not_valid_is_not_adopted_and_another_one_may_be() {
        CaStore store = CaStore.memory();
        CertificateAuthority expired = of(Instant.now().minus(Duration.ofDays(20)));
        CertificateAuthority early = of(Instant.now().plus(Duration.ofDays(20)));
        refused(() -> Certs.adopt(store, "demo", expired), "pki.authority-expired", "ended on");
        refused(() -> Certs.adopt(store, "demo", early), "pki.authority-not-yet-valid", "is not valid before");

        CertificateAuthority good = of(Instant.now());
        Certs.adopt(store, "demo", good);
        assertThat(store.read("demo").orElseThrow().authority()).isEqualTo(good.bundle());
    }

    @Test
    void an_authority_ends_when_the_first_of_its_issuers_does() throws IOException, InterruptedException {
        Made root = made(EC, SIGNS, Optional.empty(), "-days", "10");
        Made own = below(root, SIGNS, "-days", "300");
        CertificateAuthority authority = own.open(root);
        Instant end = end(root.crt());

        assertThat(authority.notAfter()).isEqualTo(end);
        assertThat(authority.toString()).endsWith("until " + end);
        CertificateRequest request = Requests.server();
        PkiConfig pki = PkiConfig.builder().build();
        String leaf = authority.issue(request, Duration.ofDays(365)).certificate();
        assertThat(end(leaf)).isEqualTo(end);
        assertThat(authority.defect(leaf, request, pki)).isEmpty();
        assertThat(authority.defect(below(own, BOTH).crt(), request, pki))
                .hasValueSatisfying(defect -> assertThat(defect).startsWith("outlives its authority, which ends on "));
    }

    @Test
    void an_authority_that_has_ended_with_its_issuer_is_told_before_anything_is_planned()
            throws IOException, InterruptedException {
        Made root = made(EC, SIGNS, Optional.empty(), "-days", "10");
        Made own = below(root, SIGNS, "-days", "300");
        Made leaf = below(own, BOTH);
        Instant late = end(root.crt()).plusSeconds(1);
        Path trust = Files.writeString(directory.resolve("trust"), own.crt() + root.crt());
        assertThat(Openssl.run(
                                "",
                                "verify",
                                "-attime",
                                "" + late.getEpochSecond(),
                                "-CAfile",
                                trust.toString(),
                                leaf.certificate().toString())
                        .output())
                .contains("certificate has expired");

        CaStore store = CaStore.memory();
        Certs.adopt(store, "demo", own.open(root));
        Clock clock = Clock.fixed(late, ZoneOffset.UTC);
        ClusterPki planned = ClusterPki.of(store, config("pg1", "10.0.0.1"), clock);
        String code = "pki.authority-expired";
        refused(planned::trustedCertificates, code, "CN=made-1 ended on", "CN=made-2");
        refused(() -> planned.issue(Requests.server()), code, "CN=made-1");
        assertThat(planned.kept()).isEqualTo(store.read("demo").orElseThrow());
        CertificateAuthority ended =
                new CertificateAuthority(Authority.open(planned.kept().authority(), 1, clock));
        refused(() -> ended.issue(Requests.server(), Duration.ofDays(1)), code, "CN=made-1 ended on");
        assertThat(ended.defect(
                        leaf.crt(), Requests.server(), PkiConfig.builder().build()))
                .hasValueSatisfying(defect -> assertThat(defect).startsWith("its authority ended on "));
    }

    private static Instant end(String crt) {
        return Certificates.all(crt).get(0).getNotAfter().toInstant();
    }

    private static CertificateAuthority of(Instant moment) {
        AuthorityOptions options = AuthorityOptions.builder()
                .cluster("demo")
                .validity(Duration.ofDays(10))
                .build();
        CertificateBundle made =
                Authority.create(options, Clock.fixed(moment, ZoneOffset.UTC)).bundle();
        return CertificateAuthority.open(made.certificate(), made.privateKey());
    }
}
