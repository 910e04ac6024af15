package io.pgha.certs.internal.crypto;

import io.pgha.secret.Secret;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * Encrypts a private key with a passphrase: PKCS#8 EncryptedPrivateKeyInfo, PBES2 with PBKDF2-HMAC-SHA-256 and
 * AES-256-CBC. {@code openssl pkey} reads it; GCM would be better, but OpenSSL does not read that here.
 */
public final class EncryptedKey {
    /** OWASP's number for PBKDF2-HMAC-SHA-256. */
    public static final int ITERATIONS = 600_000;

    /** Above this a damaged file would keep the machine busy for long. */
    private static final BigInteger MOST_ITERATIONS = BigInteger.valueOf(10_000_000);

    private static final int SALT_BYTES = 16;
    private static final int IV_BYTES = 16;

    private static final Map<ASN1ObjectIdentifier, Integer> KEY_BITS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, 128,
            NISTObjectIdentifiers.id_aes192_CBC, 192,
            NISTObjectIdentifiers.id_aes256_CBC, 256);

    private static final Map<ASN1ObjectIdentifier, String> DERIVATIONS = Map.of(
            PKCSObjectIdentifiers.id_hmacWithSHA1, "PBKDF2WithHmacSHA1",
            PKCSObjectIdentifiers.id_hmacWithSHA256, "PBKDF2WithHmacSHA256",
            PKCSObjectIdentifiers.id_hmacWithSHA384, "PBKDF2WithHmacSHA384",
            PKCSObjectIdentifiers.id_hmacWithSHA512, "PBKDF2WithHmacSHA512");

    private EncryptedKey() {}

    public static byte[] encrypt(byte[] pkcs8, Secret passphrase, int iterations) {
        SecureRandom random = new SecureRandom();
        byte[] salt = new byte[SALT_BYTES];
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(salt);
        random.nextBytes(iv);
        PBKDF2Params derivation = new PBKDF2Params(
                salt, iterations, new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
        PBES2Parameters parameters = new PBES2Parameters(
                new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, derivation),
                new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv)));
        try {
            byte[] encrypted =
                    cipher(Cipher.ENCRYPT_MODE, derivation, 256, iv, passphrase).doFinal(pkcs8);
            return new EncryptedPrivateKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), encrypted)
                    .getEncoded();
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("This Java cannot encrypt a key with AES-256", impossible);
        }
    }

    /**
     * Decrypts a key.
     *
     * @return the PKCS#8 key, or empty where the passphrase is wrong (a damaged last block looks the same)
     * @throws IllegalArgumentException when it is not encrypted in one of the ways that are known here
     */
    public static Optional<byte[]> decrypt(byte[] encrypted, Secret passphrase) {
        EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(encrypted);
        require(info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2), "not PBES2");
        PBES2Parameters parameters =
                PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
        require(
                parameters.getKeyDerivationFunc().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2),
                "the key is not derived by PBKDF2");
        PBKDF2Params derivation =
                PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters());
        int keyBits = known(KEY_BITS, parameters.getEncryptionScheme().getAlgorithm(), "not AES in CBC mode");
        byte[] iv = ASN1OctetString.getInstance(parameters.getEncryptionScheme().getParameters())
                .getOctets();
        require(iv.length == IV_BYTES, "the initialisation vector has a wrong length");
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, derivation, keyBits, iv, passphrase)
                    .doFinal(info.getEncryptedData()));
        } catch (BadPaddingException | IllegalBlockSizeException wrong) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java cannot decrypt a key with AES", impossible);
        }
    }

    private static Cipher cipher(int mode, PBKDF2Params derivation, int keyBits, byte[] iv, Secret passphrase)
            throws GeneralSecurityException {
        String function = known(DERIVATIONS, derivation.getPrf().getAlgorithm(), "PBKDF2 with an unknown function");
        BigInteger iterations = derivation.getIterationCount();
        require(iterations.signum() > 0 && iterations.compareTo(MOST_ITERATIONS) <= 0, "a wild number of iterations");
        require(derivation.getSalt().length > 0, "PBKDF2 without salt");
        PBEKeySpec spec =
                new PBEKeySpec(passphrase.reveal().toCharArray(), derivation.getSalt(), iterations.intValue(), keyBits);
        try {
            byte[] key =
                    SecretKeyFactory.getInstance(function).generateSecret(spec).getEncoded();
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher;
        } finally {
            spec.clearPassword();
        }
    }

    private static <T> T known(Map<ASN1ObjectIdentifier, T> table, ASN1ObjectIdentifier oid, String why) {
        return Optional.ofNullable(table.get(oid)).orElseThrow(() -> new IllegalArgumentException(why));
    }

    private static void require(boolean condition, String why) {
        if (!condition) {
            throw new IllegalArgumentException(why);
        }
    }
}
