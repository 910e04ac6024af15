package io.pgha.certs.internal.authority;

import io.pgha.Problem;
import io.pgha.certs.PkiException;
import io.pgha.certs.internal.crypto.KeyKind;
import io.pgha.certs.internal.crypto.Keys;
import io.pgha.port.CertificateRequest;
import io.pgha.tls.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** A PKCS#10 request that another program made for a key of its own. */
final class SigningRequest {
    private static final List<String> LABELS = List.of("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    private static final int SHORTEST_RSA = 2048;
    private static final int SHORTEST_EC = 256;

    private final PKCS10CertificationRequest request;
    private final PublicKey key;

    private SigningRequest(PKCS10CertificationRequest request, PublicKey key) {
        this.request = request;
        this.key = key;
    }

    /** Reads a request and makes sure that whoever made it has the key. */
    static SigningRequest read(String pem) {
        byte[] der = LABELS.stream()
                .flatMap(label -> Pem.first(pem, label).stream())
                .findFirst()
                .map(Pem::der)
                .orElseThrow(() -> refused("there is no CERTIFICATE REQUEST in the text", null));
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            String family =
                    KeyKind.of(request.getSubjectPublicKeyInfo().getAlgorithm()).family();
            PublicKey key = KeyFactory.getInstance(family)
                    .generatePublic(new X509EncodedKeySpec(
                            request.getSubjectPublicKeyInfo().getEncoded()));
            requireStrong(key);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw refused("it is not signed by its own key", null);
            }
            return new SigningRequest(request, key);
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | IllegalArgumentException e) {
            throw refused("it cannot be read: " + e.getMessage(), e);
        }
    }

    PublicKey key() {
        return key;
    }

    /** Returns whom it says it is for; what is not a DNS name or an address among the alternatives is left out. */
    CertificateRequest names() {
        CertificateRequest.Builder names = CertificateRequest.builder().usage("request");
        names.commonName(commonName().orElse(""));
        for (GeneralName name : alternatives()) {
            if (name.getTagNo() == GeneralName.dNSName) {
                names.names(name.getName().toString());
            } else if (name.getTagNo() == GeneralName.iPAddress) {
                names.addresses(
                        address(ASN1OctetString.getInstance(name.getName()).getOctets()));
            }
        }
        return names.build();
    }

    private Optional<String> commonName() {
        RDN[] found = request.getSubject().getRDNs(BCStyle.CN);
        return found.length == 0
                ? Optional.empty()
                : Optional.of(IETFUtils.valueToString(found[0].getFirst().getValue()));
    }

    private List<GeneralName> alternatives() {
        return Stream.ofNullable(request.getRequestedExtensions())
                .map(extensions -> GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName))
                .flatMap(Stream::ofNullable)
                .flatMap(names -> Arrays.stream(names.getNames()))
                .toList();
    }

    private static String address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException e) {
            throw refused("an address in it has " + octets.length + " octets", e);
        }
    }

    private static void requireStrong(PublicKey key) {
        boolean weak = (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA)
                || (key instanceof ECKey ec && ec.getParams().getOrder().bitLength() < SHORTEST_EC);
        if (!(key instanceof RSAKey) && !(key instanceof ECKey)) {
            throw refused("its key is " + Keys.name(key) + ", which Java's TLS does not know", null);
        }
        if (weak) {
            throw refused("its key, " + Keys.name(key) + ", is too weak", null);
        }
    }

    private static PkiException refused(String why, @Nullable Throwable cause) {
        return new PkiException(
                Problem.of(
                        "pki.invalid-request",
                        "The certificate signing request is refused: " + why,
                        "Give a PKCS#10 request in PEM for an EC key of at least " + SHORTEST_EC
                                + " bits or an RSA key of"
                                + " at least " + SHORTEST_RSA
                                + " bits, for example from: openssl req -new -newkey ec -pkeyopt"
                                + " ec_paramgen_curve:P-256 -nodes -subj /CN=NAME -keyout NAME.key"),
                cause);
    }
}
