package io.pgha.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys as openssl writes them. */
class IdentityTest {
    @TempDir
    Path directory;

    private CertificateBundle selfSigned(String algorithm, String name) throws Exception {
        Path key = directory.resolve(name + ".key");
        Path certificate = directory.resolve(name + ".crt");
        Process openssl = new ProcessBuilder(
                        "sh",
                        "-c",
                        "openssl req -x509 -newkey " + algorithm + " -nodes -subj /CN=" + name + " -keyout '" + key
                                + "' -out '" + certificate + "'")
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(said).isZero();
        return new CertificateBundle(Files.readString(certificate), Secret.of(Files.readString(key)));
    }

    @ParameterizedTest
    @CsvSource({"ec -pkeyopt ec_paramgen_curve:P-256, EC", "rsa:2048, RSA", "ed25519, EdDSA"})
    void keysOfEveryAlgorithmAreShownWithTheirChain(String algorithm, String type) throws Exception {
        X509ExtendedKeyManager shown = Identity.of(selfSigned(algorithm, "client"));

        assertThat(shown.getPrivateKey("client").getAlgorithm()).isIn(type, "Ed25519");
        assertThat(shown.getCertificateChain("client"))
                .extracting(each -> each.getSubjectX500Principal().getName())
                .containsExactly("CN=client");
    }

    @Test
    void aKeyThatCannotBeReadIsNotQuoted() throws Exception {
        String certificate =
                selfSigned("ec -pkeyopt ec_paramgen_curve:P-256", "client").certificate();
        for (String key : new String[] {
            "c0nfidential",
            "-----BEGIN PRIVATE KEY-----\nc0nfidential\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nc0nfid=ential=\n-----END PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nc0nfidential\n-----END EC PRIVATE KEY-----"
        }) {
            assertThatThrownBy(() -> Identity.of(new CertificateBundle(certificate, Secret.of(key))))
                    .isInstanceOf(GeneralSecurityException.class)
                    .hasStackTraceContaining("key")
                    .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("c0nfid"));
        }
    }

    @Test
    void onlyWhatIsInTheTextIsTrusted() throws Exception {
        String one = selfSigned("ec -pkeyopt ec_paramgen_curve:P-256", "one").certificate();
        String other =
                selfSigned("ec -pkeyopt ec_paramgen_curve:P-256", "other").certificate();
        String stranger =
                selfSigned("ec -pkeyopt ec_paramgen_curve:P-256", "stranger").certificate();
        X509ExtendedTrustManager trust = Trust.of(Optional.of(one + other));

        assertThat(trust.getAcceptedIssuers())
                .extracting(each -> each.getSubjectX500Principal().getName())
                .containsExactlyInAnyOrder("CN=one", "CN=other");
        trust.checkServerTrusted(chain(other), "ECDHE_ECDSA");
        assertThatThrownBy(() -> trust.checkServerTrusted(chain(stranger), "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> Trust.of(Optional.of(""))).hasMessageContaining("no certificate");
        assertThatThrownBy(() -> Trust.of(Optional.of("nonsense"))).isInstanceOf(GeneralSecurityException.class);
        assertThat(Trust.of(Optional.empty())).isSameAs(Trust.of(Optional.empty()));
    }

    private static X509Certificate[] chain(String pem) throws CertificateException {
        return Pem.certificates(pem).toArray(new X509Certificate[0]);
    }
}
