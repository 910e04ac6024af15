package io.pgha.certs.internal.crypto;

import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A kind of key, and whether all that read certificates here know it: Java, OpenSSL (PostgreSQL, Patroni, HAProxy), Go
 * (etcd).
 *
 * @param name how people call it
 * @param family how Java calls it
 * @param refusal who does not know it, where somebody does not
 */
public record KeyKind(String name, String family, Optional<String> refusal) {
    private static final String GO = "etcd, which is written in Go, does not know such keys";

    private static final Map<ASN1ObjectIdentifier, String> CURVES = Map.of(
            SECObjectIdentifiers.secp256r1, "EC P-256",
            SECObjectIdentifiers.secp384r1, "EC P-384",
            SECObjectIdentifiers.secp521r1, "EC P-521");

    public static KeyKind of(AlgorithmIdentifier algorithm) {
        ASN1ObjectIdentifier oid = algorithm.getAlgorithm();
        if (oid.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return new KeyKind("RSA", "RSA", Optional.empty());
        }
        if (oid.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return curve(algorithm);
        }
        if (oid.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return new KeyKind("Ed25519", "Ed25519", Optional.empty());
        }
        if (oid.equals(EdECObjectIdentifiers.id_Ed448)) {
            return new KeyKind("Ed448", "Ed448", Optional.of(GO));
        }
        if (oid.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            return new KeyKind("RSASSA-PSS", "RSASSA-PSS", Optional.of(GO));
        }
        if (oid.equals(X9ObjectIdentifiers.id_dsa)) {
            return new KeyKind("DSA", "DSA", Optional.of(GO));
        }
        return new KeyKind(oid.getId(), oid.getId(), Optional.of(GO));
    }

    public static KeyKind of(PublicKey key) {
        return of(SubjectPublicKeyInfo.getInstance(key.getEncoded()).getAlgorithm());
    }

    private static KeyKind curve(AlgorithmIdentifier algorithm) {
        ASN1Primitive parameters = Optional.ofNullable(algorithm.getParameters())
                .map(ASN1Encodable::toASN1Primitive)
                .orElse(DERNull.INSTANCE);
        if (!(parameters instanceof ASN1ObjectIdentifier oid)) {
            return new KeyKind("EC with parameters of its own", "EC", Optional.of(GO));
        }
        String known = CURVES.get(oid);
        return known == null
                ? new KeyKind(
                        "EC " + curveName(oid),
                        "EC",
                        Optional.of("etcd, which is written in Go, or Java does not know that curve"))
                : new KeyKind(known, "EC", Optional.empty());
    }

    private static String curveName(ASN1ObjectIdentifier oid) {
        return Optional.ofNullable(ECNamedCurveTable.getName(oid)).orElse(oid.getId());
    }
}
