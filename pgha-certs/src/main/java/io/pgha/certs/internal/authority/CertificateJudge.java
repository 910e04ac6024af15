package io.pgha.certs.internal.authority;

import io.pgha.certs.PkiException;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.certs.internal.crypto.Keys;
import io.pgha.model.pki.PkiConfig;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

/** Says why a certificate that is in use must be replaced. */
final class CertificateJudge {
    private static final String UNREADABLE = "is not a readable certificate";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final X509Certificate authority;
    private final Instant authorityEnds;
    private final PkiConfig pki;
    private final int generation;
    private final Instant now;

    CertificateJudge(Lineage authority, PkiConfig pki, int generation, Instant now) {
        this.authority = authority.own();
        this.authorityEnds = authority.end();
        this.pki = pki;
        this.generation = generation;
        this.now = now;
    }

    Optional<String> defect(String pem, SubjectNames wanted) {
        List<X509Certificate> found = Certificates.all(pem);
        if (found.isEmpty()) {
            return Optional.of(UNREADABLE);
        }
        X509Certificate certificate = found.get(0);
        return issuer(certificate)
                .or(() -> period(certificate))
                .or(() -> generation(certificate))
                .or(() -> key(certificate))
                .or(() -> subject(certificate, wanted))
                .or(() -> usage(certificate))
                .or(() -> alternatives(certificate, wanted));
    }

    /** Names can be imitated: the signature decides. */
    private Optional<String> issuer(X509Certificate certificate) {
        String foreign = "was not issued by this authority";
        if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return Optional.of(foreign);
        }
        try {
            certificate.verify(authority.getPublicKey());
        } catch (GeneralSecurityException forged) {
            return Optional.of(foreign);
        }
        return certificate.getBasicConstraints() < 0 ? Optional.empty() : Optional.of("is an authority's certificate");
    }

    private Optional<String> period(X509Certificate certificate) {
        Instant start = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isBefore(start)) {
            return Optional.of("is not valid before " + date(start));
        }
        if (now.isAfter(end)) {
            return Optional.of("expired on " + date(end));
        }
        if (now.isAfter(authorityEnds)) {
            return Optional.of("its authority ended on " + date(authorityEnds));
        }
        if (end.isAfter(authorityEnds)) {
            return Optional.of("outlives its authority, which ends on " + date(authorityEnds));
        }
        // A new one would not live longer than the authority either; to ask for it again and again would never end.
        boolean renewable = end.isBefore(authorityEnds);
        boolean due = !now.plus(pki.renewBefore()).isBefore(end);
        return renewable && due
                ? Optional.of("expires on " + date(end) + ", in less than "
                        + pki.renewBefore().toDays() + " days")
                : Optional.empty();
    }

    private Optional<String> generation(X509Certificate certificate) {
        int found = Issuance.generation(certificate);
        return found < generation
                ? Optional.of("is of generation " + found + ", should be of " + generation)
                : Optional.empty();
    }

    private Optional<String> key(X509Certificate certificate) {
        String found = Keys.name(certificate.getPublicKey());
        String wanted = Keys.name(pki.keyAlgorithm());
        return found.equals(wanted) ? Optional.empty() : Optional.of("key is " + found + ", should be " + wanted);
    }

    private static Optional<String> subject(X509Certificate certificate, SubjectNames wanted) {
        String found = certificate.getSubjectX500Principal().getName();
        String subject = wanted.distinguished();
        return found.equals(subject)
                ? Optional.empty()
                : Optional.of("is for " + called(found) + ", should be for " + called(subject));
    }

    private static String called(String subject) {
        return subject.isEmpty() ? "no common name" : shown(subject);
    }

    private static Optional<String> usage(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[0]) {
            return Optional.of("lacks the key usage digitalSignature");
        }
        try {
            List<String> extended = certificate.getExtendedKeyUsage();
            if (!has(extended, KeyPurposeId.id_kp_serverAuth)) {
                return Optional.of("lacks the extended key usage serverAuth");
            }
            if (!has(extended, KeyPurposeId.id_kp_clientAuth)) {
                return Optional.of("lacks the extended key usage clientAuth");
            }
            return Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.of(UNREADABLE);
        }
    }

    private static boolean has(@Nullable List<String> extended, KeyPurposeId purpose) {
        return extended != null && extended.contains(purpose.getId());
    }

    private static Optional<String> alternatives(X509Certificate certificate, SubjectNames wanted) {
        List<String> names = new ArrayList<>();
        List<InetAddress> addresses = new ArrayList<>();
        try {
            Collection<List<?>> found = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : found == null ? List.<List<?>>of() : found) {
                String value = String.valueOf(alternative.get(1));
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add(value.toLowerCase(Locale.ROOT));
                } else if (alternative.get(0).equals(IP_ADDRESS)) {
                    addresses.add(SubjectNames.address(value));
                }
            }
        } catch (CertificateParsingException | PkiException e) {
            return Optional.of(UNREADABLE);
        }
        Optional<String> name = wanted.names().stream()
                .filter(wantedName -> !names.contains(wantedName))
                .findFirst();
        Optional<String> address = wanted.addresses().stream()
                .filter(wantedAddress -> !addresses.contains(wantedAddress))
                .findFirst()
                .map(InetAddress::getHostAddress);
        return name.map(missing -> "lacks the name " + missing)
                .or(() -> address.map(missing -> "lacks the address " + missing));
    }

    private static LocalDate date(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** What another made may hold anything; plans are printed to terminals. */
    private static String shown(String subject) {
        return subject.substring(0, Math.min(subject.length(), 80)).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
