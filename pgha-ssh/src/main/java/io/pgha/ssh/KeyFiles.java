package io.pgha.ssh;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import com.hierynomus.sshj.userauth.keyprovider.OpenSSHKeyV1KeyFile;
import io.pgha.host.ShellQuote;
import io.pgha.model.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Ed25519KeyFactory;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** Reads private keys, each file once: decrypting one takes a tenth of a second on purpose. Thread-safe. */
final class KeyFiles {
    private final Map<SshCredential.PrivateKey, KeyPair> read = new ConcurrentHashMap<>();

    /**
     * Returns the key of a file.
     *
     * @param peer whose connection needs it; for errors
     * @param credential which file
     * @return the key
     * @throws SshAuthenticationException when the file cannot be read or decrypted
     */
    KeyPair get(Peer peer, SshCredential.PrivateKey credential) {
        return read.computeIfAbsent(credential, missing -> new Reading(peer, credential).key());
    }

    /** Returns the fingerprint of a key, as {@code ssh-keygen -l} prints it. */
    static String describe(KeyPair key) {
        return KnownHosts.describe(
                new Buffer.PlainBuffer().putPublicKey(key.getPublic()).getCompactData());
    }

    /** One attempt to read one file. */
    private record Reading(Peer peer, SshCredential.PrivateKey credential) {

        KeyPair key() {
            String text = text();
            String header = text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElse("");
            if (!text.contains("-----BEGIN ") || !text.contains("PRIVATE KEY-----")) {
                throw notAKey(header);
            }
            boolean openSsh = text.contains("-----BEGIN OPENSSH PRIVATE KEY-----");
            boolean encrypted = text.contains("ENCRYPTED");
            if (!openSsh && encrypted && credential.passphrase().isEmpty()) {
                throw passphraseRequired();
            }
            try {
                return openSsh ? openSsh(text) : pem(text);
            } catch (KeyDecryptionFailedException e) {
                throw credential.passphrase().isEmpty() ? passphraseRequired() : passphraseWrong(e);
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                // The PEM formats have no checksum of their own: a wrong passphrase shows as nonsense inside.
                throw encrypted
                        ? passphraseWrong(e)
                        : unreadable("is damaged or of a kind that is not supported: " + e, e);
            }
        }

        private String text() {
            try {
                return Files.readString(file(), StandardCharsets.ISO_8859_1);
            } catch (NoSuchFileException e) {
                throw unreadable("does not exist", e);
            } catch (IOException e) {
                throw unreadable("cannot be read: " + e, e);
            }
        }

        private KeyPair openSsh(String text) throws IOException {
            JvmProviders.prepare();
            if (decoded(text).contains("ecdsa-sha2-")) {
                JvmProviders.prepareForEcdsa();
            }
            OpenSSHKeyV1KeyFile key = new OpenSSHKeyV1KeyFile();
            key.init(
                    new StringReader(text),
                    credential.passphrase().map(Reading::finder).orElse(null));
            return new KeyPair(key.getPublic(), key.getPrivate());
        }

        /** Returns the binary content; the key's type is plain in it, encrypted or not. */
        private static String decoded(String text) {
            String base64 = text.replaceAll("-----[A-Z ]*-----", "");
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        }

        private static PasswordFinder finder(Secret passphrase) {
            return new PasswordFinder() {
                @Override
                public char[] reqPassword(@Nullable Resource<?> resource) {
                    return passphrase.reveal().toCharArray();
                }

                @Override
                public boolean shouldRetry(@Nullable Resource<?> resource) {
                    return false;
                }
            };
        }

        private KeyPair pem(String text) throws IOException, GeneralSecurityException {
            try (PEMParser parser = new PEMParser(new StringReader(text))) {
                Object pem = parser.readObject();
                while (pem != null) {
                    Optional<PrivateKeyInfo> info = info(pem);
                    if (info.isPresent()) {
                        return keyPair(info.get());
                    }
                    // A file with "EC PARAMETERS" before the key, as openssl writes it.
                    pem = parser.readObject();
                }
                throw new IOException("there is no private key in it");
            } catch (OperatorCreationException | PKCSException e) {
                throw new GeneralSecurityException(e);
            }
        }

        private Optional<PrivateKeyInfo> info(Object pem) throws IOException, OperatorCreationException, PKCSException {
            char[] passphrase =
                    credential.passphrase().map(Secret::reveal).orElse("").toCharArray();
            if (pem instanceof PEMKeyPair pair) {
                return Optional.of(pair.getPrivateKeyInfo());
            }
            if (pem instanceof PrivateKeyInfo info) {
                return Optional.of(info);
            }
            if (pem instanceof PEMEncryptedKeyPair pair) {
                return Optional.of(pair.decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                                .setProvider(new BouncyCastleProvider())
                                .build(passphrase))
                        .getPrivateKeyInfo());
            }
            if (pem instanceof PKCS8EncryptedPrivateKeyInfo info) {
                return Optional.of(info.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(new BouncyCastleProvider())
                        .build(passphrase)));
            }
            return Optional.empty();
        }

        /** Derives the public half: not every format carries it. */
        private static KeyPair keyPair(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
            AsymmetricKeyParameter key = PrivateKeyFactory.createKey(info);
            if (key instanceof Ed25519PrivateKeyParameters ed25519) {
                return new KeyPair(
                        Ed25519KeyFactory.getPublicKey(
                                ed25519.generatePublicKey().getEncoded()),
                        Ed25519KeyFactory.getPrivateKey(ed25519.getEncoded()));
            }
            if (key instanceof RSAPrivateCrtKeyParameters rsa) {
                return keyPair("RSA", info, new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent()));
            }
            if (key instanceof ECPrivateKeyParameters ec) {
                return keyPair(
                        "EC",
                        info,
                        new ECPublicKeyParameters(ec.getParameters().getG().multiply(ec.getD()), ec.getParameters()));
            }
            throw new IOException("keys of its kind are not supported; use Ed25519, ECDSA or RSA");
        }

        private static KeyPair keyPair(String algorithm, PrivateKeyInfo info, AsymmetricKeyParameter publicKey)
                throws IOException, GeneralSecurityException {
            SubjectPublicKeyInfo publicInfo = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey);
            KeyFactory factory = KeyFactory.getInstance(algorithm);
            PublicKey half = factory.generatePublic(new X509EncodedKeySpec(publicInfo.getEncoded()));
            PrivateKey other = factory.generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            return new KeyPair(half, other);
        }

        private Path file() {
            return credential.file();
        }

        private String argument() {
            return ShellQuote.quote(file().toString());
        }

        private SshAuthenticationException notAKey(String header) {
            if (header.startsWith("PuTTY-User-Key-File")) {
                return failure(
                        "ssh.key-unreadable",
                        "the private key " + file() + " is in PuTTY's format",
                        "convert it: puttygen " + argument() + " -O private-openssh-new -o id_key",
                        null);
            }
            if (header.startsWith("ssh-") || header.startsWith("ecdsa-")) {
                return failure(
                        "ssh.key-unreadable",
                        "the file " + file() + " is a public key",
                        "name the private one; it usually has the same name without .pub.",
                        null);
            }
            return unreadable("is not a private key in OpenSSH's, PEM or PKCS#8 format", null);
        }

        private SshAuthenticationException unreadable(String why, @Nullable Throwable cause) {
            return failure(
                    "ssh.key-unreadable",
                    "the private key " + file() + " " + why,
                    "check the path and that the file is yours to read: ls -l " + argument() + " && ssh-keygen -lf "
                            + argument() + " ; a new key: ssh-keygen -t ed25519 -f " + argument(),
                    cause);
        }

        private SshAuthenticationException passphraseRequired() {
            return failure(
                    "ssh.key-passphrase-required",
                    "the private key " + file() + " is encrypted and no passphrase is given",
                    "give it: privateKey(Path.of(\"" + file() + "\"), Secret.of(…)).",
                    null);
        }

        private SshAuthenticationException passphraseWrong(Throwable cause) {
            return failure(
                    "ssh.key-passphrase-wrong",
                    "the passphrase does not open the private key " + file(),
                    "try it by hand: ssh-keygen -y -f " + argument(),
                    cause);
        }

        private SshAuthenticationException failure(
                String code, String message, String remedy, @Nullable Throwable cause) {
            return new SshAuthenticationException(peer.problem(code, message, remedy), cause);
        }
    }
}
