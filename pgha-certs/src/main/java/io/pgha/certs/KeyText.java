package io.pgha.certs;

import java.io.IOException;
import java.security.PrivateKey;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Reads private keys in the forms in which other programs leave them. */
final class KeyText {
    private static final String RSA = "RSA PRIVATE KEY";
    private static final String EC = "EC PRIVATE KEY";

    private KeyText() {}

    /** Returns the first unencrypted key of a PEM text; empty where there is none that can sign certificates here. */
    static Optional<PrivateKey> read(String text) {
        for (Pem block : Pem.read(text)) {
            switch (block.label()) {
                case Pem.PRIVATE_KEY -> {
                    return Keys.read(block.der());
                }
                case RSA, EC -> {
                    return pkcs8(block).flatMap(Keys::read);
                }
                default -> {
                    // What else is in the file, such as EC PARAMETERS, does not matter.
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> pkcs8(Pem block) {
        try {
            if (block.label().equals(RSA)) {
                AlgorithmIdentifier algorithm =
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
                return Optional.of(new PrivateKeyInfo(algorithm, RSAPrivateKey.getInstance(block.der())).getEncoded());
            }
            ECPrivateKey key = ECPrivateKey.getInstance(block.der());
            AlgorithmIdentifier algorithm =
                    new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject());
            return Optional.of(new PrivateKeyInfo(algorithm, key).getEncoded());
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
