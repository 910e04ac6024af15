package io.pgha.text;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * PostgreSQL's encodings, by all their names, as it reads them (encnames.c): neither case nor punctuation counts.
 * Stateless.
 */
public final class PostgresEncodings {
    private static final String UTF8 = "UTF8";
    private static final String ANY = "SQL_ASCII";

    /**
     * Names in small letters without anything but letters and digits, by which PostgreSQL compares them, and
     * PostgreSQL's own.
     */
    private static final Map<String, String> NAMES = names();

    /** Those that only clients can have; here, too, all names. */
    private static final Set<String> OF_CLIENTS = Set.of(
            "big5",
            "gb18030",
            "gbk",
            "johab",
            "mskanji",
            "shiftjis",
            "shiftjis2004",
            "sjis",
            "uhc",
            "win932",
            "win936",
            "win949",
            "win950",
            "windows932",
            "windows936",
            "windows949",
            "windows950");

    private PostgresEncodings() {}

    /**
     * Finds an encoding that a database can have.
     *
     * @param name for example {@code utf-8}
     * @return PostgreSQL's own name of it, for example {@code UTF8}; empty where it is none, or one of clients only
     */
    public static Optional<String> find(String name) {
        return Optional.ofNullable(NAMES.get(bare(name)));
    }

    /**
     * Tells whether it is an encoding that a client can have, but no database.
     *
     * @param name for example {@code SJIS}
     * @return true for one of those
     */
    public static boolean ofClients(String name) {
        return OF_CLIENTS.contains(bare(name));
    }

    /**
     * Finds out whether a database in a locale can have an encoding.
     *
     * @param locale for example {@code de_DE.UTF-8}
     * @param encoding for example {@code LATIN1}
     * @return the encoding that the locale's name tells, where it is another one; empty where they go together
     */
    public static Optional<String> clash(String locale, String encoding) {
        String codeset = locale.replaceFirst("@.*", "");
        int dot = codeset.indexOf('.');
        Optional<String> own = dot < 0 ? Optional.empty() : find(codeset.substring(dot + 1));
        Optional<String> wanted = find(encoding).filter(name -> !name.equals(ANY));
        return own.filter(name -> wanted.filter(other -> !other.equals(name)).isPresent());
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        for (String own : Set.of(
                "EUC_CN",
                "EUC_JIS_2004",
                "EUC_JP",
                "EUC_KR",
                "EUC_TW",
                "ISO_8859_5",
                "ISO_8859_6",
                "ISO_8859_7",
                "ISO_8859_8",
                "KOI8R",
                "KOI8U",
                "MULE_INTERNAL",
                ANY,
                UTF8,
                "WIN866",
                "WIN874")) {
            names.put(bare(own), own);
        }
        IntStream.rangeClosed(1, 10).forEach(number -> names.put("latin" + number, "LATIN" + number));
        IntStream.rangeClosed(1, 4).forEach(number -> names.put("iso8859" + number, "LATIN" + number));
        names.put("iso88599", "LATIN5");
        names.put("iso885910", "LATIN6");
        IntStream.rangeClosed(13, 16).forEach(part -> names.put("iso8859" + part, "LATIN" + (part - 6)));
        IntStream.rangeClosed(1250, 1258).forEach(page -> names.put("win" + page, "WIN" + page));
        for (String page :
                Set.of("866", "874", "1250", "1251", "1252", "1253", "1254", "1255", "1256", "1257", "1258")) {
            names.put("windows" + page, "WIN" + page);
        }
        names.putAll(Map.of(
                "unicode", UTF8,
                "koi8", "KOI8R",
                "win", "WIN1251",
                "alt", "WIN866",
                "abc", "WIN1258",
                "tcvn", "WIN1258",
                "tcvn5712", "WIN1258",
                "vscii", "WIN1258"));
        return Map.copyOf(names);
    }
}
