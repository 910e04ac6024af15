package io.pgha.certs.internal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.certs.CertificateAuthority;
import io.pgha.certs.PkiException;
import io.pgha.certs.Requests;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.model.pki.PkiConfig;
import io.pgha.port.CertificateRequest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a name holds, it is refused or it is in the certificate as it is, and nothing else with it. */
class SubjectNamesPropertyTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.create(ca -> ca.cluster("orders"));

    @Property(tries = 500)
    void a_common_name_is_refused_or_stands_alone(@ForAll("hostile") String name) {
        Optional<X509Certificate> issued =
                issued(CertificateRequest.builder().commonName(name).usage("u").build());
        issued.ifPresent(certificate -> {
            assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + name);
            assertThat(alternatives(certificate)).isEmpty();
        });
    }

    @Property(tries = 500)
    void a_dns_name_is_refused_or_stands_alone(@ForAll("hostile") String name) {
        issued(Requests.named(name))
                .ifPresent(certificate -> assertThat(alternatives(certificate))
                        .isEqualTo(List.of(List.of(2, name.toLowerCase(Locale.ROOT)))));
    }

    @Property(tries = 500)
    void an_address_is_refused_or_stands_alone(@ForAll("hostile") String address) {
        issued(CertificateRequest.builder()
                        .commonName("pg1")
                        .usage("u")
                        .address(address)
                        .build())
                .ifPresent(certificate -> assertThat(alternatives(certificate))
                        .singleElement()
                        .satisfies(alternative -> assertThat(alternative.get(0)).isEqualTo(7)));
    }

    @Property(tries = 200)
    void a_host_name_is_accepted_and_good(@ForAll("hosts") String name) {
        String pem = AUTHORITY.issue(Requests.named(name), Duration.ofDays(365)).certificate();
        assertThat(AUTHORITY.defect(
                        pem, Requests.named(name), PkiConfig.builder().build()))
                .isEmpty();
    }

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> pieces = Arbitraries.of(
                "pg1",
                "CN=",
                ",",
                "+",
                "\\",
                "\"",
                "#04",
                "*",
                ".",
                "-",
                "_",
                "@",
                "/",
                "O=x",
                "DNS:",
                "\n",
                "\r",
                "\0",
                ";",
                "<",
                ">",
                "=",
                " ",
                "1",
                "::",
                "ffff",
                "10.0.0.1",
                "%eth0",
                "é",
                "٣",
                "\u202e",
                "a".repeat(63));
        return Arbitraries.oneOf(pieces.list().ofMaxSize(6).map(list -> String.join("", list)), Arbitraries.strings());
    }

    @Provide
    Arbitrary<String> hosts() {
        Arbitrary<String> label =
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(40);
        return label.list().ofMinSize(1).ofMaxSize(5).map(labels -> String.join(".", labels));
    }

    @Example
    void names_that_must_be_refused() {
        for (String name : List.of(
                "",
                "*",
                "*.example.net",
                "pg1.",
                ".pg1",
                "pg1..net",
                "-pg1",
                "pg1-",
                "pg_1",
                "pg 1",
                "pg1\n",
                "10.0.0.1",
                "pg.1",
                "é",
                "pg1\0.example.net",
                "a".repeat(64),
                "a.".repeat(127) + "a",
                "pg1,DNS:evil")) {
            refused(Requests.named(name));
        }
        for (String name :
                List.of("", " ", " pg1", "pg1 ", "*", "#0403", "a,O=b", "a+O=b", "a\\", "\"a\"", "é", "a".repeat(65))) {
            refused(CertificateRequest.builder().commonName(name).usage("u").build());
        }
        for (String address : List.of(
                "",
                "pg1",
                "1.2.3",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4/24",
                "1.2.3.4\n",
                "::1%lo",
                "::1/128",
                ":",
                ":::",
                "1::2::3",
                "[::1]",
                "٣.1.1.1",
                "0x7f.0.0.1",
                "2130706433")) {
            refused(CertificateRequest.builder()
                    .commonName("pg1")
                    .usage("u")
                    .address(address)
                    .build());
        }
    }

    @Example
    void names_that_must_be_accepted() {
        CertificateRequest request = CertificateRequest.builder()
                .commonName("ops-team @ example.net")
                .usage("u")
                .names("PG1", "pg1", "1a.example.net", "a".repeat(63) + ".net", "xn--bcher-kva.example")
                .addresses(
                        "0.0.0.0",
                        "255.255.255.255",
                        "::",
                        "::1",
                        "fd00::1",
                        "FD00:0::1",
                        "::ffff:10.0.0.1",
                        "10.0.0.1")
                .build();
        List<List<?>> alternatives = alternatives(issued(request).orElseThrow());
        assertThat(alternatives.stream()
                        .filter(alternative -> alternative.get(0).equals(2)))
                .hasSize(4);
        assertThat(alternatives.stream()
                        .filter(alternative -> alternative.get(0).equals(7)))
                .hasSize(6);
    }

    @Example
    void a_refusal_says_what_to_do_and_prints_no_control_characters() {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> AUTHORITY.issue(Requests.named("a\u001b[2Jb"), Duration.ofDays(1)))
                .withMessage("The DNS name \"a?[2Jb\" cannot be in a certificate\n  To fix: Use a host name of letters,"
                        + " digits, hyphens and dots, without wildcard; give an IP address as an address.");
    }

    private static void refused(CertificateRequest request) {
        assertThatExceptionOfType(PkiException.class)
                .as(request.toString())
                .isThrownBy(() -> AUTHORITY.issue(request, Duration.ofDays(1)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.invalid-name"));
    }

    private static Optional<X509Certificate> issued(CertificateRequest request) {
        try {
            String pem = AUTHORITY.issue(request, Duration.ofDays(1)).certificate();
            return Optional.of(Certificates.all(pem).get(0));
        } catch (PkiException refused) {
            assertThat(refused.code()).isEqualTo("pki.invalid-name");
            return Optional.empty();
        }
    }

    private static List<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> found = certificate.getSubjectAlternativeNames();
            return found == null ? List.of() : List.copyOf(found);
        } catch (CertificateParsingException e) {
            throw new AssertionError(e);
        }
    }
}
