using System.Xml.Linq;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>Who may use whom. docs/architecture.md tells the same in words.</summary>
[Trait("Run", "Once")]
public sealed class DependencyTests
{
    private const string Server = "RecordingVault.Server";
    private const string Features = Server + ".Features";

    /// <summary>Slices stand on steps and use lower steps only, never a neighbour on the same one. A new slice takes its place here.</summary>
    private static readonly string[][] Steps =
    [
        ["Keys"], ["Audit"], ["Tenants"], ["Signing"], ["Members"],
        ["Mail"], ["Factors"], ["Passkeys", "Sessions"],
        ["UsageTags"], ["Recordings"],
        ["Consent", "Retention"],
        ["Processing", "Playback"],
        ["Uploads", "Sharing", "Export", "Sources"],
        ["Joining", "Recovery", "Regrouping", "Asking"], ["People", "Tokens", "Operators", "Contacts"],
        ["Settings", "Rights"],
    ];

    private static readonly IReadOnlyList<CompiledType> Types = CompiledType.ReadAll(typeof(Program).Assembly);

    [Theory]
    [InlineData("RecordingVault.Vault", "")]
    [InlineData("RecordingVault.Marks", "")]
    [InlineData("RecordingVault.Server", "RecordingVault.Marks RecordingVault.Vault")]
    [InlineData("RecordingVault.Cli", "RecordingVault.Marks RecordingVault.Vault")]
    public void A_project_refers_to_the_libraries_and_to_nothing_else_of_ours(string project, string allowed)
    {
        var file = XDocument.Parse(Checkout.Read($"src/{project}/{project}.csproj"));
        var references = file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Equal(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries), references);
    }

    [Fact]
    public void The_strongroom_knows_neither_web_nor_database()
    {
        var file = XDocument.Parse(Checkout.Read("src/RecordingVault.Vault/RecordingVault.Vault.csproj"));
        var packages = file.Descendants("PackageReference").Select(package => package.Attribute("Include")!.Value).ToList();

        Assert.Equal("Microsoft.NET.Sdk", file.Root!.Attribute("Sdk")!.Value);
        Assert.Empty(file.Descendants("FrameworkReference"));
        Assert.DoesNotContain(packages, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.Contains("EntityFramework", StringComparison.Ordinal));
    }

    [Fact]
    public void The_platform_never_sees_a_feature() =>
        Assert.Empty(Types.Where(type => type.LiesIn(Server + ".Platform") && type.Uses(Features)).Select(type => type.FullName));

    [Fact]
    public void In_Data_only_the_context_names_entities() =>
        Assert.Empty(Types.Where(type => type.LiesIn(Server + ".Data") && type.Uses(Features)).Select(type => type.FullName).Except([Server + ".Data.VaultDbContext"]));

    [Fact]
    public void Every_slice_has_its_step() =>
        Assert.Empty(Types.Select(type => Slice(type.Namespace)).OfType<string>().Distinct(StringComparer.Ordinal).Except(Steps.SelectMany(step => step)));

    [Fact]
    public void A_slice_uses_lower_steps_only() => Assert.Empty(Breaches(Types));

    [Fact]
    public void A_breach_of_the_steps_is_found()
    {
        var neighbour = new CompiledType(Features + ".Uploads.X", Features + ".Uploads", new HashSet<string>([$"{Server}:{Features}.Sharing.Share"]), new HashSet<string>());
        var upward = new CompiledType(Features + ".Keys.X", Features + ".Keys", new HashSet<string>([$"{Server}:{Features}.Recordings.Recording"]), new HashSet<string>());
        var downward = new CompiledType(Features + ".Sharing.X", Features + ".Sharing", new HashSet<string>([$"{Server}:{Features}.Recordings.Recording"]), new HashSet<string>());

        Assert.Equal(2, Breaches([neighbour, upward, downward]).Count());
    }

    [Theory]
    [InlineData("FFMpegCore", Features + ".Processing")]
    [InlineData("MailKit", Features + ".Mail")]
    [InlineData("Minio", "none: the S3 store lies in the strongroom")]
    public void An_outside_tool_is_named_in_its_own_place_only(string assembly, string place) =>
        Assert.Empty(Types.Where(type => type.UsesAssembly(assembly) && !type.LiesIn(place)).Select(type => type.FullName));

    [Fact]
    public void A_program_is_started_inside_the_sandbox_and_nowhere_else() =>
        Assert.Equal(
            [Features + ".Processing.Sandbox.MediaSandbox"],
            Types.Where(type => type.Uses("System.Diagnostics.ProcessStartInfo") || type.CalledMethods.Contains("System.Diagnostics.Process::Start")).Select(type => type.FullName));

    [Fact]
    public void Only_the_gate_and_the_processing_open_a_sealed_asset()
    {
        var openers = Types.Where(type => type.CalledMethods.Contains("RecordingVault.Vault.Storage.SealedStore::OpenAsset"));

        Assert.Empty(openers.Where(type => type.FullName != Features + ".Playback.ReleaseGate" && !type.LiesIn(Features + ".Processing")).Select(type => type.FullName));
    }

    /// <summary>What the gate opened is read by those who answer with it, and by nobody who might pass it on elsewhere.</summary>
    [Fact]
    public void Only_the_answers_of_the_gate_and_the_processing_read_from_a_sealed_asset() =>
        Assert.Equal(
            [$"{Features}.Playback.Captions.CaptionAnswer", $"{Features}.Playback.Marking.ServedBytes"],
            Types.Where(type => type.CalledMethods.Contains("RecordingVault.Vault.Storage.AssetReader::OpenRangeAsync") && !type.LiesIn(Features + ".Processing")).Select(type => type.FullName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Breaches(IEnumerable<CompiledType> types) =>
        from type in types
        let own = Slice(type.Namespace)
        where own is not null
        from used in type.UsedTypes
        where used.StartsWith(Server + ":", StringComparison.Ordinal)
        let other = Slice(used[(Server.Length + 1)..])
        where other is not null && other != own && StepOf(other) >= StepOf(own)
        select $"{type.FullName} uses {used}";

    private static int StepOf(string slice) => Array.FindIndex(Steps, step => step.Contains(slice));

    private static string? Slice(string name) =>
        name.StartsWith(Features + ".", StringComparison.Ordinal) ? name[(Features.Length + 1)..].Split('.')[0] : null;
}
