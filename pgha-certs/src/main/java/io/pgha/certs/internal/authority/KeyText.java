package io.pgha.certs.internal.authority;

import io.pgha.Problem;
import io.pgha.certs.PkiException;
import io.pgha.certs.internal.crypto.KeyKind;
import io.pgha.secret.Secret;
import io.pgha.tls.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an authority's private key in the forms in which other programs leave it, or says what was given instead. What
 * it is encrypted with may be more than Java knows; Bouncy Castle's provider is asked for it, and not registered.
 */
public final class KeyText {
    private static final String RSA = "RSA PRIVATE KEY";
    private static final String EC = "EC PRIVATE KEY";
    private static final String OPENSSH = "OPENSSH PRIVATE KEY";
    private static final String KEY = "PRIVATE KEY";

    /** How OpenSSL's traditional form says that a key is encrypted, and how. */
    private static final String ENCRYPTION = "DEK-Info";

    private static final String REMEDY = "Give a PEM text of one EC or RSA key, for example what openssl pkey prints.";

    private KeyText() {}

    /** Returns the one key of a PEM text. */
    public static PrivateKey read(String text, Optional<Secret> passphrase) {
        List<Pem> blocks;
        try {
            blocks = Pem.read(text);
        } catch (IllegalArgumentException e) {
            throw unreadable("is damaged: " + e.getMessage(), REMEDY, null);
        }
        List<Pem> keys =
                blocks.stream().filter(block -> block.label().endsWith(KEY)).toList();
        if (keys.isEmpty()) {
            throw blocks.stream().anyMatch(block -> block.label().equals(Pem.CERTIFICATE))
                    ? unreadable("is missing: a certificate stands in its place", REMEDY, null)
                    : unreadable("cannot be read: there is no private key in PEM in the text", REMEDY, null);
        }
        if (keys.size() > 1) {
            throw unreadable("is one of " + keys.size() + " in the text", "Give that of the authority alone.", null);
        }
        byte[] pkcs8 = pkcs8(keys.get(0), passphrase);
        try {
            KeyKind kind = KeyKind.of(PrivateKeyInfo.getInstance(pkcs8).getPrivateKeyAlgorithm());
            if (kind.refusal().isPresent()) {
                throw unusable("The authority's private key", kind);
            }
            return KeyFactory.getInstance(kind.family()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // No cause: it may quote the key.
            throw unreadable("cannot be read: what stands under " + keys.get(0).label() + " is none", REMEDY, null);
        }
    }

    static PkiException unusable(String whose, KeyKind kind) {
        return Failure.of(
                "pki.key-unusable",
                whose + " is of kind " + kind.name() + ", which does not work here: "
                        + kind.refusal().orElse("it is too weak"),
                "Give an authority with an EC key (P-256, P-384, P-521), an Ed25519 key, or an RSA key of at least 2048 bits.");
    }

    private static byte[] pkcs8(Pem block, Optional<Secret> passphrase) {
        switch (block.label()) {
            case Pem.PRIVATE_KEY -> {
                return block.der();
            }
            case Pem.ENCRYPTED_PRIVATE_KEY -> {
                return decrypted(block.der(), required(passphrase));
            }
            case RSA, EC -> {
                String encryption = block.headers().get(ENCRYPTION);
                byte[] der =
                        encryption == null ? block.der() : decrypted(block.der(), encryption, required(passphrase));
                return wrapped(block.label(), der, encryption != null);
            }
            case OPENSSH -> throw openssh(block);
            default ->
                throw unreadable(
                        "is a " + block.label() + ", which cannot sign certificates here",
                        "Convert it with openssl pkey -in FILE, or give the key of another authority, EC or RSA.",
                        null);
        }
    }

    /**
     * OpenSSL does not read OpenSSH's own form, and OpenSSH writes Ed25519 keys in no other; the kind is not encrypted.
     */
    private static PkiException openssh(Pem block) {
        boolean ed25519 = new String(block.der(), StandardCharsets.ISO_8859_1).contains("ssh-ed25519");
        return unreadable(
                "is in a form that only OpenSSH reads (" + OPENSSH + ")",
                ed25519
                        ? "OpenSSH writes an Ed25519 key in no other form: give it as it was before OpenSSH had it, or another"
                                + " authority."
                        : "Convert a copy of it: install -m 600 FILE NEW && ssh-keygen -p -m PEM -f NEW",
                null);
    }

    /** PKCS#8 says of which kind a key is; PKCS#1 and SEC 1 leave that to the label. */
    private static byte[] wrapped(String label, byte[] der, boolean decrypted) {
        try {
            if (label.equals(RSA)) {
                AlgorithmIdentifier algorithm =
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
                return new PrivateKeyInfo(algorithm, RSAPrivateKey.getInstance(der)).getEncoded();
            }
            ECPrivateKey key = ECPrivateKey.getInstance(der);
            AlgorithmIdentifier algorithm =
                    new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject());
            return new PrivateKeyInfo(algorithm, key).getEncoded();
        } catch (IOException
                | RuntimeException e) { // which of them is BouncyCastle's choice, and its text may quote the key
            throw decrypted
                    ? wrongPassphrase(null)
                    : unreadable("cannot be read: what stands under " + label + " is none", REMEDY, null);
        }
    }

    private static byte[] decrypted(byte[] encrypted, Secret passphrase) {
        try {
            return new PKCS8EncryptedPrivateKeyInfo(encrypted)
                    .decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(passphrase.reveal().toCharArray()))
                    .getEncoded();
        } catch (PKCSException e) {
            throw e.getCause() instanceof OperatorCreationException ? unknownEncryption(e) : wrongPassphrase(e);
        } catch (IOException | OperatorCreationException | RuntimeException e) {
            throw unknownEncryption(e);
        }
    }

    private static byte[] decrypted(byte[] encrypted, String encryption, Secret passphrase) {
        int comma = encryption.indexOf(',');
        try {
            byte[] iv = HexFormat.of().parseHex(encryption.substring(comma + 1).strip());
            return new JcePEMDecryptorProviderBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build(passphrase.reveal().toCharArray())
                    .get(encryption.substring(0, Math.max(0, comma)))
                    .decrypt(encrypted, iv);
        } catch (PEMException e) {
            throw wrongPassphrase(e);
        } catch (OperatorCreationException | IllegalArgumentException e) {
            throw unknownEncryption(e);
        }
    }

    private static Secret required(Optional<Secret> passphrase) {
        return passphrase.orElseThrow(() -> Failure.of(
                "pki.key-encryption",
                "The authority's private key is encrypted",
                "Give its passphrase: CertificateAuthority.open(certificates, privateKey, passphrase)."));
    }

    private static PkiException wrongPassphrase(@Nullable Throwable cause) {
        return new PkiException(
                Problem.of(
                        PkiException.PASSPHRASE_WRONG,
                        "The passphrase does not open the authority's private key",
                        "Give the passphrase that it was made with; to try one by hand, run: openssl pkey -noout -in FILE"),
                cause);
    }

    private static PkiException unknownEncryption(Throwable cause) {
        return Failure.of(
                "pki.key-encryption",
                "The authority's private key is encrypted in a way that this Java does not know, or damaged",
                "Encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW",
                cause);
    }

    private static PkiException unreadable(String why, String remedy, @Nullable Throwable cause) {
        return new PkiException(
                Problem.of(PkiException.STORE_DAMAGED, "The authority's private key " + why, remedy), cause);
    }
}
