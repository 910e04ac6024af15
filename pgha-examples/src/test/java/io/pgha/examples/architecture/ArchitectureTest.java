package io.pgha.examples.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the rooms of the house apart: what depends on what, and what users get to see. */
class ArchitectureTest {

    private static final String ROOT_EXCEPTION = "io.pgha.PgHaException";
    private static final String PROBLEM = "io.pgha.Problem";

    /** About thirty are easily found; more than this are two rooms. */
    private static final int MOST_CLASSES = 40;

    private final Modules modules = Modules.load();

    static List<String> libraries() {
        return Modules.LIBRARIES;
    }

    static List<String> satellites() {
        return Modules.LIBRARIES.stream()
                .filter(module -> !module.equals(Modules.CORE))
                .toList();
    }

    /** Without this, a module that was not compiled would keep every rule. */
    @ParameterizedTest
    @MethodSource("libraries")
    void seesTheClassesOfEveryPackage(String module) {
        Set<String> inSources = modules.sourceFolders(module).stream()
                .map(folder -> modules.sourceRoot(module).relativize(folder).toString())
                .map(folder -> folder.replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> inClasses = modules.classesOf(module).stream()
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(inClasses).isEqualTo(inSources);
    }

    @ParameterizedTest
    @MethodSource("satellites")
    void aSatelliteKnowsNoSiblingButCore(String module) {
        DescribedPredicate<JavaClass> sibling = describe(
                "of a sibling of " + module,
                javaClass -> modules.moduleOf(javaClass)
                        .filter(owner -> !owner.equals(module) && !owner.equals(Modules.CORE))
                        .isPresent());
        check(noClasses().should().dependOnClassesThat(sibling), modules.classesOf(module));
    }

    @Test
    void coreKnowsNoSatellite() {
        DescribedPredicate<JavaClass> satellite = describe(
                "of another module",
                javaClass -> modules.moduleOf(javaClass)
                        .filter(owner -> !owner.equals(Modules.CORE))
                        .isPresent());
        check(noClasses().should().dependOnClassesThat(satellite), modules.classesOf(Modules.CORE));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void internalsStayAtHome(String module) {
        DescribedPredicate<JavaClass> internal = describe(
                "internal to another module",
                javaClass -> PublicSignature.isInternal(javaClass)
                        && modules.moduleOf(javaClass)
                                .filter(owner -> !owner.equals(module))
                                .isPresent());
        check(noClasses().should().dependOnClassesThat(internal), modules.classesOf(module));
    }

    @ParameterizedTest
    @MethodSource("satellites")
    void aSatelliteLivesInThePackageOfItsName(String module) {
        String home = module.replace("pgha-", "io.pgha.");
        check(classes().should().resideInAPackage(home + ".."), modules.classesOf(module));
    }

    @Test
    void noPackageIsSplitAmongModules() {
        Map<String, Set<String>> owners = new TreeMap<>();
        for (JavaClass each : modules.classes()) {
            owners.computeIfAbsent(each.getPackageName(), name -> new TreeSet<>())
                    .add(modules.moduleOf(each).orElseThrow());
        }

        assertThat(owners).allSatisfy((name, owner) -> assertThat(owner).hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void packagesFormNoCycle(String module) {
        ArchRule rule = slices().assignedFrom(new Packages())
                .namingSlices("$1")
                .should()
                .beFreeOfCycles();
        check(rule, modules.classesOf(module));
    }

    /** Who looks for something reads the names of one room. */
    @ParameterizedTest
    @MethodSource("libraries")
    void packagesStaySmall(String module) throws IOException {
        for (Path folder : modules.sourceFolders(module)) {
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(Path::getFileName)
                                .map(Path::toString)
                                .filter(name -> name.endsWith(".java") && !name.equals("package-info.java")))
                        .as(folder.toString())
                        .hasSizeLessThanOrEqualTo(MOST_CLASSES);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void publicSignaturesNameNoThirdParty(String module) {
        check(
                classes()
                        .that(describe("are public API", PublicSignature::isPublicApi))
                        .should(new PublicSignature()),
                modules.classesOf(module));
    }

    /**
     * A checked exception that is not public, or internal, cannot get out: the compiler sees to it that it is caught
     * within.
     */
    private static boolean mayLeaveItsPackage(JavaClass javaClass) {
        boolean checked = !javaClass.isAssignableTo(RuntimeException.class) && !javaClass.isAssignableTo(Error.class);
        return javaClass.isAssignableTo(Throwable.class) && !(checked && !PublicSignature.isPublicApi(javaClass));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void everyExceptionHasARemedy(String module) {
        JavaClasses exceptions = modules.classesOf(module)
                .that(describe("are exceptions that a user may meet", ArchitectureTest::mayLeaveItsPackage));
        check(
                classes().should().beAssignableTo(ROOT_EXCEPTION).because("it carries code, remedy and node"),
                exceptions);
        check(
                classes()
                        .should()
                        .haveSimpleNameEndingWith("Exception")
                        .andShould()
                        .bePublic(),
                exceptions);
    }

    /** So that no exception can be made without saying what to do: the constructors ask for the problem. */
    @Test
    void theRootExceptionAsksForTheProblem() {
        JavaClasses root = modules.classes()
                .that(describe("are the root exception", type -> type.getName().equals(ROOT_EXCEPTION)));
        if (modules.classesOf(Modules.CORE).isEmpty()) {
            return;
        }
        assertThat(root).hasSize(1);
        JavaClass exception = root.get(ROOT_EXCEPTION);
        assertThat(exception.isAssignableTo(RuntimeException.class)).isTrue();
        assertThat(exception.tryGetMethod("code")).isPresent();
        assertThat(exception.tryGetMethod("remedy")).isPresent();
        assertThat(exception.getConstructors())
                .allSatisfy(constructor -> assertThat(
                                constructor.getRawParameterTypes().get(0).getName())
                        .isEqualTo(PROBLEM));
    }

    /** Only the console listener writes to the console: that is what it is for. */
    @ParameterizedTest
    @MethodSource("libraries")
    void librariesDoNotPrint(String module) {
        check(
                noClasses()
                        .that(describe(
                                "are not the console listener",
                                type -> !Set.of("io.pgha.run.ConsoleListener", "io.pgha.run.RunListener")
                                        .contains(type.getName())))
                        .should(ACCESS_STANDARD_STREAMS),
                modules.classesOf(module));
    }

    /** What is set there is set for the whole process. */
    @ParameterizedTest
    @MethodSource("libraries")
    void librariesLeaveTheLogOfTheJdkAlone(String module) {
        check(
                noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."),
                modules.classesOf(module));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void librariesDoNotEndTheProcess(String module) {
        check(
                noClasses()
                        .should()
                        .callMethod(System.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "halt", int.class),
                modules.classesOf(module));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void nothingIsFoundByAccident(String module) {
        check(
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .areAssignableTo(ServiceLoader.class)
                        .because("an absent jar must not silently drop steps; components are installed explicitly"),
                modules.classesOf(module));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void noPackageIsADrawerForOddThings(String module) {
        for (String name : List.of("util", "utils", "helper", "helpers", "misc", "tools", "common", "shared")) {
            check(noClasses().should().resideInAPackage(".." + name + ".."), modules.classesOf(module));
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void everyPackageSaysWhatItIsAndThatNothingIsNull(String module) throws IOException {
        for (Path folder : modules.sourceFolders(module)) {
            Path packageInfo = folder.resolve("package-info.java");
            assertThat(packageInfo).exists();
            assertThat(Files.readString(packageInfo)).contains("@NullMarked").contains("/**");
        }
    }

    /**
     * An empty set of classes is fine here: {@link #seesTheClassesOfEveryPackage} fails when it should not be empty.
     */
    private static void check(ArchRule rule, JavaClasses classes) {
        rule.allowEmptyShould(true).check(classes);
    }
}
