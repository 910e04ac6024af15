package io.pgha.certs.internal.authority;

import io.pgha.certs.PkiException;
import io.pgha.port.CertificateRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * The names of a request, checked: they come from configurations, and daemons decide by them whom to trust.
 *
 * @param commonName the subject's common name; without one the subject is empty, as RFC 5280 allows where there are
 *     others
 * @param names DNS names, lower case, each once
 * @param addresses IP addresses, each once
 */
public record SubjectNames(Optional<String> commonName, List<String> names, List<InetAddress> addresses) {
    /** X.520's upper bound. */
    static final int LONGEST_COMMON_NAME = 64;

    /** RFC 1123's upper bound for a host name. */
    private static final int LONGEST_NAME = 253;

    private static final Pattern COMMON_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._@-]*[A-Za-z0-9])?");
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile("(" + LABEL + "\\.)*" + LABEL);

    /** A last label of digits makes a name that some readers take for an address. */
    private static final Pattern LIKE_ADDRESS = Pattern.compile("(.*\\.)?[0-9]+");

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.:]*:[0-9a-fA-F.:]*");

    public static SubjectNames of(CertificateRequest request) {
        SubjectNames names = new SubjectNames(
                request.commonName().map(SubjectNames::commonName),
                request.names().stream().map(SubjectNames::name).distinct().toList(),
                request.addresses().stream()
                        .map(SubjectNames::address)
                        .distinct()
                        .toList());
        if (names.commonName().isEmpty() && names.anonymous()) {
            throw Failure.of(
                    "pki.invalid-name",
                    "A certificate for nobody cannot be issued: the request has neither a common name nor others",
                    "Give the request a common name, a DNS name or an address.");
        }
        return names;
    }

    static String commonName(String text) {
        if (text.length() > LONGEST_COMMON_NAME || !COMMON_NAME.matcher(text).matches()) {
            throw invalid(
                    "The common name",
                    text,
                    "Use 1 to " + LONGEST_COMMON_NAME
                            + " letters, digits, blanks, dots, hyphens, _ or @, with a letter or"
                            + " digit at both ends.");
        }
        return text;
    }

    static String name(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (name.length() > LONGEST_NAME
                || !NAME.matcher(name).matches()
                || LIKE_ADDRESS.matcher(name).matches()) {
            throw invalid(
                    "The DNS name",
                    text,
                    "Use a host name of letters, digits, hyphens and dots, without wildcard; give an IP address as an"
                            + " address.");
        }
        return name;
    }

    static InetAddress address(String text) {
        // Neither form is ever looked up in the DNS.
        if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException malformed) {
                // Told below, as what the pattern refuses.
            }
        }
        throw invalid("The address", text, "Use an IPv4 or IPv6 address without prefix length and zone.");
    }

    static X500Name subject(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    X500Name subject() {
        return commonName.map(SubjectNames::subject).orElseGet(() -> new X500NameBuilder(BCStyle.INSTANCE).build());
    }

    /** The same as text, for comparison with what a certificate has: RFC 2253, case as it is. */
    String distinguished() {
        try {
            return new X500Principal(subject().getEncoded()).getName();
        } catch (IOException impossible) {
            throw new IllegalStateException("A name that was built cannot be written", impossible);
        }
    }

    /** Returns how messages call it. */
    String title() {
        return commonName
                .or(() -> names.stream().findFirst())
                .orElseGet(() -> addresses.get(0).getHostAddress());
    }

    boolean anonymous() {
        return names.isEmpty() && addresses.isEmpty();
    }

    GeneralNames alternatives() {
        List<GeneralName> alternatives = new ArrayList<>();
        names.forEach(name -> alternatives.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(address ->
                alternatives.add(new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress()))));
        return new GeneralNames(alternatives.toArray(new GeneralName[0]));
    }

    private static PkiException invalid(String what, String text, String remedy) {
        return Failure.of("pki.invalid-name", what + " " + shown(text) + " cannot be in a certificate", remedy);
    }

    /** Control characters of a hostile name must not reach a terminal. */
    private static String shown(String text) {
        String start = text.substring(0, Math.min(text.length(), 80));
        return "\"" + start.replaceAll("[^\\x20-\\x7e]", "?") + (start.length() < text.length() ? "…" : "") + "\"";
    }
}
