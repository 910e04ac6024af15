package io.pgha.certs.internal.authority;

import io.pgha.certs.PkiException;
import io.pgha.certs.internal.crypto.KeyIdentifiers;
import io.pgha.certs.internal.crypto.Keys;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The certificates of an authority in their order, whatever order they were given in.
 *
 * @param line the authority's own first, then its issuer, and so on, as far as they were given
 * @param others those that are none of these, as they were given; without those that would lead astray
 */
record Lineage(List<X509Certificate> line, List<X509Certificate> others) {

    /** A line that goes up to its end is worth more than one that is valid for longer: nobody can follow the other. */
    private static final Comparator<Lineage> BEST = Comparator.comparing(Lineage::complete)
            .thenComparing(Lineage::end)
            .thenComparing(each -> each.own().getNotAfter());

    /** Finds the certificate that belongs to the key, and its issuers. */
    static Lineage of(List<X509Certificate> given, PrivateKey key) {
        List<X509Certificate> distinct = given.stream().distinct().toList();
        Lineage best = own(distinct, key)
                .map(certificate -> above(certificate, distinct))
                .max(BEST)
                .orElseThrow(() -> mismatch(given));
        return new Lineage(
                best.line(),
                distinct.stream()
                        .filter(each -> !best.line().contains(each) && !best.misledBy(each, distinct))
                        .toList());
    }

    private static Lineage above(X509Certificate certificate, List<X509Certificate> given) {
        List<X509Certificate> left =
                given.stream().filter(each -> !each.equals(certificate)).toList();
        Stream<X509Certificate> issuers = selfSigned(certificate)
                ? Stream.empty()
                : left.stream().filter(candidate -> issued(candidate, certificate));
        Optional<Lineage> best = issuers.map(issuer -> above(issuer, left)).max(BEST);
        return new Lineage(
                Stream.concat(Stream.of(certificate), best.stream().flatMap(each -> each.line().stream()))
                        .toList(),
                List.of());
    }

    /**
     * Returns whether OpenSSL might go astray where it trusts a certificate beside these: it has the name and key of
     * one of them and leads nowhere. OpenSSL takes the first that it finds and does not turn back.
     */
    private boolean misledBy(X509Certificate certificate, List<X509Certificate> given) {
        return complete()
                && line.stream()
                        .anyMatch(each -> each.getSubjectX500Principal().equals(certificate.getSubjectX500Principal())
                                && each.getPublicKey().equals(certificate.getPublicKey()))
                && !above(certificate, given).complete();
    }

    X509Certificate own() {
        return line.get(0);
    }

    X509Certificate top() {
        return line.get(line.size() - 1);
    }

    /** Returns whether the line goes up to a certificate that nobody else issued. */
    boolean complete() {
        return selfSigned(top());
    }

    List<X509Certificate> all() {
        return Stream.concat(line.stream(), others.stream()).toList();
    }

    /** Returns the moment from which all are valid. */
    Instant begin() {
        return line.stream()
                .map(each -> each.getNotBefore().toInstant())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Returns the moment until which all are valid. */
    Instant end() {
        return firstToEnd().getNotAfter().toInstant();
    }

    /** Returns the one whose end is that of all. */
    X509Certificate firstToEnd() {
        return line.stream()
                .min(Comparator.comparing(X509Certificate::getNotAfter))
                .orElseThrow();
    }

    static boolean selfSigned(X509Certificate certificate) {
        return issued(certificate, certificate);
    }

    /**
     * Returns what the topmost says of its issuer that contradicts the one that was given, although that one has the
     * name and the key: why the line is not complete; empty where no such one was given.
     */
    Optional<String> contradiction() {
        return all().stream()
                .filter(candidate -> signed(candidate, top()))
                .flatMap(candidate -> KeyIdentifiers.contradiction(candidate, top()).stream())
                .findFirst();
    }

    private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        return signed(issuer, certificate)
                && KeyIdentifiers.contradiction(issuer, certificate).isEmpty();
    }

    private static boolean signed(X509Certificate issuer, X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                && verifies(issuer, certificate);
    }

    /** Names can be imitated, and a name may have had several keys: the signature decides. */
    private static boolean verifies(X509Certificate issuer, X509Certificate certificate) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException anotherKey) {
            return false;
        }
    }

    /** Comparing what both say they are is not enough: only a signature that verifies shows that they are a pair. */
    private static Stream<X509Certificate> own(List<X509Certificate> given, PrivateKey key) {
        byte[] text = {1};
        byte[] proof;
        try {
            Signature signature = Signature.getInstance(Keys.signature(key));
            signature.initSign(key);
            signature.update(text);
            proof = signature.sign();
        } catch (GeneralSecurityException e) {
            throw Failure.of(
                    "pki.key-unusable",
                    "The authority's private key cannot sign",
                    "Give an RSA key of at least 2048 bits or an EC key.",
                    e);
        }
        return given.stream().filter(certificate -> fits(certificate, key, text, proof));
    }

    private static boolean fits(X509Certificate certificate, PrivateKey key, byte[] text, byte[] proof) {
        try {
            Signature signature = Signature.getInstance(Keys.signature(key));
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(proof);
        } catch (GeneralSecurityException anotherKind) {
            return false;
        }
    }

    private static PkiException mismatch(List<X509Certificate> given) {
        return Failure.of(
                "pki.key-mismatch",
                "The private key is not that of the authority " + names(given),
                "Give the certificate and the private key of one authority, from one backup.");
    }

    static String names(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(each -> each.getSubjectX500Principal().toString())
                .collect(Collectors.joining("; "));
    }
}
