package io.pgha.certs.internal.crypto;

import io.pgha.model.pki.KeyAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/** Makes, reads and names keys with the JDK's own cryptography. */
public final class Keys {
    private static final Map<KeyAlgorithm, String> NAMES = Map.of(
            KeyAlgorithm.EC_P256, "EC P-256",
            KeyAlgorithm.EC_P384, "EC P-384",
            KeyAlgorithm.RSA_3072, "RSA 3072",
            KeyAlgorithm.RSA_4096, "RSA 4096");

    private Keys() {}

    public static KeyPair generate(KeyAlgorithm algorithm) {
        return switch (algorithm) {
            case EC_P256 -> generate("EC", new ECGenParameterSpec("secp256r1"));
            case EC_P384 -> generate("EC", new ECGenParameterSpec("secp384r1"));
            case RSA_3072 -> generate("RSA", new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4));
            case RSA_4096 -> generate("RSA", new RSAKeyGenParameterSpec(4096, RSAKeyGenParameterSpec.F4));
        };
    }

    private static KeyPair generate(String family, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
            generator.initialize(parameters);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no " + family + " keys", impossible);
        }
    }

    /** Reads an unencrypted PKCS#8 key; empty where it is none, or of a kind that cannot sign certificates here. */
    public static Optional<PrivateKey> read(byte[] pkcs8) {
        try {
            KeyKind kind = KeyKind.of(PrivateKeyInfo.getInstance(pkcs8).getPrivateKeyAlgorithm());
            return kind.refusal().isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            KeyFactory.getInstance(kind.family()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** Returns the signature algorithm that is as strong as the key. */
    public static String signature(PrivateKey key) {
        if (key instanceof ECKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            return bits > 384 ? "SHA512withECDSA" : bits > 256 ? "SHA384withECDSA" : "SHA256withECDSA";
        }
        return key instanceof RSAKey ? "SHA256withRSA" : "Ed25519";
    }

    public static boolean rsa(PublicKey key) {
        return key instanceof RSAKey;
    }

    public static String name(KeyAlgorithm algorithm) {
        return NAMES.getOrDefault(algorithm, algorithm.name());
    }

    /** Returns the kind of a key as people name it, for example {@code RSA 2048}. */
    public static String name(PublicKey key) {
        if (key instanceof RSAKey rsa) {
            return "RSA " + rsa.getModulus().bitLength();
        }
        return KeyKind.of(key).name();
    }

    /** Returns the algorithm of a key, where it is one of those that pgha makes. */
    public static Optional<KeyAlgorithm> algorithm(PublicKey key) {
        String name = name(key);
        return NAMES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
