package io.pgha.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Map;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;

class PemTest {
    private static final byte[] CONTENT = "something that takes more than one line when it is written as base64 text"
            .getBytes(StandardCharsets.US_ASCII);

    @Test
    void whatWasWrittenIsReadWhateverStandsAroundIt() {
        String text = Pem.write("A KEY", CONTENT) + "between\n" + Pem.write("OTHER", new byte[] {1});

        for (String each : new String[] {text, "\ufeffbefore" + text, text.replace("\n", "\r\n")}) {
            assertThat(Pem.read(each)).extracting(Pem::label).containsExactly("A KEY", "OTHER");
            assertThat(Pem.read(each).get(0).der()).isEqualTo(CONTENT);
            assertThat(Pem.first(each, "OTHER").orElseThrow().der()).containsExactly(1);
        }
        assertThat(Pem.read("")).isEmpty();
        assertThat(Pem.read("-----BEGIN A KEY-----\nAAAA\n-----END OTHER-----")).isEmpty();
    }

    @Test
    void headersAreApartFromTheContent() {
        String text = Pem.write("A KEY", CONTENT)
                .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\n");

        assertThat(Pem.read(text).get(0).headers())
                .isEqualTo(Map.of("Proc-Type", "4,ENCRYPTED", "DEK-Info", "AES-256-CBC,00FF"));
        assertThat(Pem.read(text).get(0).der()).isEqualTo(CONTENT);
        assertThat(Pem.read(text.replace("\n", "\r\n")).get(0).headers()).containsEntry("DEK-Info", "AES-256-CBC,00FF");
    }

    @Test
    void whatIsNotBase64IsNotQuoted() {
        String text = "-----BEGIN A KEY-----\nc0nfidential!\n-----END A KEY-----";

        assertThatThrownBy(() -> Pem.read(text))
                .hasMessageContaining("A KEY")
                .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("c0nfid"));
        assertThat(Pem.first(text, "A KEY")).isEmpty();
        assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(CertificateException.class);
    }

    @Test
    void theTextFormShowsTheLabelOnly() {
        assertThat(Pem.read(Pem.write("A KEY", CONTENT)).get(0)).hasToString("A KEY");
    }
}
