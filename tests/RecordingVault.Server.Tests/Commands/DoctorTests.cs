using System.Runtime.Versioning;
using RecordingVault.Server.Commands;
using RecordingVault.Server.Commands.Checks;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Tests.Commands;

[Trait("Run", "Once")]
[UnsupportedOSPlatform("windows")] // modes of files
public sealed class DoctorTests
{
    [Fact]
    public void A_file_that_others_may_read_is_unsafe_and_its_cure_is_named()
    {
        using var folder = new TemporaryFolder();
        var key = Path.Combine(folder.Path, "root.key");
        File.WriteAllText(key, "");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);

        var findings = FileChecks.Run(new VaultOptions { DataDirectory = folder.Path }).ToList();

        Assert.Equal(["data directory", "root key"], findings.Where(finding => finding.Verdict == Verdict.Unsafe).Select(finding => finding.Subject));
        Assert.Contains(findings, finding => finding.Cure == $"chmod 600 '{key}'");
    }

    [Fact]
    public void A_closed_folder_with_its_key_is_fine_and_one_without_its_key_is_not()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "vault.db"), "");

        Assert.Contains(FileChecks.Run(new VaultOptions { DataDirectory = folder.Path }), finding => finding is { Subject: "root key", Verdict: Verdict.Unsafe });

        var key = Path.Combine(folder.Path, "root.key");
        File.WriteAllText(key, "");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.All(FileChecks.Run(new VaultOptions { DataDirectory = folder.Path }), finding => Assert.Equal(Verdict.Ok, finding.Verdict));
    }

    [Fact]
    public void Without_a_public_address_it_says_why_sign_in_needs_https_and_shows_the_three_lines()
    {
        var finding = Assert.Single(AddressChecks.Run(new VaultOptions(), "http://localhost:8080"));

        Assert.Equal(Verdict.Look, finding.Verdict);
        Assert.Contains("needs https", finding.Says, StringComparison.Ordinal);
        Assert.Contains("reverse_proxy 127.0.0.1:8080", finding.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://vault.example", "127.0.0.1", "http://localhost:8080", Verdict.Ok)]
    [InlineData("https://vault.example", "", "http://localhost:8080", Verdict.Unsafe)]
    [InlineData("https://vault.example", "", "https://*:443", Verdict.Ok)]
    [InlineData("https://vault.example", "127.0.0.1", "http://0.0.0.0:8080", Verdict.Look)]
    [InlineData("https://vault.example", "127.0.0.1", "http://[::1]:8080", Verdict.Ok)]
    public void An_address_is_judged_by_who_can_reach_it(string url, string trusted, string listening, object worst)
    {
        var vault = new VaultOptions { PublicUrl = new Uri(url), Proxy = new ProxyOptions { Trusted = trusted } };

        Assert.Equal(worst, AddressChecks.Run(vault, listening).Max(finding => finding.Verdict));
    }

    [Theory]
    [InlineData(false, false, Verdict.Ok)]
    [InlineData(true, false, Verdict.Unsafe)]
    [InlineData(false, true, Verdict.Unsafe)]
    public void A_process_that_others_can_read_is_unsafe(bool isReadable, bool mayDumpCore, object verdict) =>
        Assert.Equal(verdict, MachineChecks.Memory(isReadable, mayDumpCore).Verdict);

    [Fact]
    public void Swap_in_clear_is_named()
    {
        const string swaps = "Filename\t\t\t\tType\t\tSize\n/dev/sda2                               partition\t8388604\n/dev/dm-1                               partition\t8388604\n";

        var finding = MachineChecks.Swap(swaps, device => device == "/dev/dm-1");

        Assert.Equal(Verdict.Look, finding.Verdict);
        Assert.StartsWith("/dev/sda2 ", finding.Says, StringComparison.Ordinal);
        Assert.Equal(Verdict.Ok, MachineChecks.Swap("Filename Type Size\n", _ => false).Verdict);
    }

    [Theory]
    [InlineData("|/usr/lib/systemd/systemd-coredump %P", Verdict.Look)]
    [InlineData("core", Verdict.Ok)]
    public void A_collector_of_core_dumps_is_named(string pattern, object verdict) => Assert.Equal(verdict, MachineChecks.CorePattern(pattern).Verdict);

    [Fact]
    public void A_clock_that_stands_before_the_vaults_own_files_is_unsafe()
    {
        var now = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);

        Assert.Equal(Verdict.Ok, MachineChecks.Clock(now, null).Verdict);
        Assert.Equal(Verdict.Ok, MachineChecks.Clock(now, now).Verdict);
        Assert.Equal(Verdict.Unsafe, MachineChecks.Clock(now, now.AddHours(1)).Verdict);
    }

    [Fact]
    public void The_exit_code_says_whether_anything_is_unsafe_and_the_worst_stands_last()
    {
        using var fine = new StringWriter();
        using var bad = new StringWriter();

        Assert.Equal(0, DoctorVerb.Print([Finding.Ok("a", "fine."), Finding.Look("b", "look.", "cure")], fine));
        Assert.Equal(1, DoctorVerb.Print([Finding.Unsafe("c", "open.", "close it"), Finding.Ok("a", "fine.")], bad));

        Assert.EndsWith("Nothing unsafe was found.", fine.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.True(bad.ToString().IndexOf("ok     a", StringComparison.Ordinal) < bad.ToString().IndexOf("UNSAFE c", StringComparison.Ordinal));
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("vault-doctor-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
