using System.Diagnostics;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>infra/recordingvault.service can't be run where tests run; what can be held is its text.</summary>
[Trait("Run", "Once")]
public sealed class ServiceUnitTests : IDisposable
{
    private const string Unit = "infra/recordingvault.service";

    /// <summary>Each of these would take the namespaces or the /proc away of which ffmpeg's sandbox is made, or the memory in which .NET compiles.</summary>
    private static readonly string[] s_breaking =
        ["RestrictNamespaces", "ProtectKernelTunables", "ProtectKernelLogs", "ProtectProc", "ProcSubset", "SystemCallFilter", "MemoryDenyWriteExecute", "PrivateUsers", "DynamicUser"];

    private readonly string folder = Directory.CreateTempSubdirectory("recordingvault-unit-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void It_starts_our_program_as_a_user_without_rights_over_a_folder_of_its_own()
    {
        var lines = Lines();

        Assert.Equal("recordingvault", Value(lines, "User"));
        Assert.Equal("recordingvault", Value(lines, "StateDirectory"));
        Assert.Equal("0700", Value(lines, "StateDirectoryMode"));
        Assert.EndsWith($"/{typeof(VaultServer).Assembly.GetName().Name}.dll", Value(lines, "ExecStart"), StringComparison.Ordinal);
        Assert.StartsWith(Value(lines, "WorkingDirectory"), Value(lines, "ExecStart").Split(' ')[1], StringComparison.Ordinal);
        Assert.Contains("Environment=Vault__DataDirectory=/var/lib/recordingvault", lines);
        Assert.Contains("Environment=DOTNET_EnableDiagnostics=0", lines);
        Assert.Equal("", Value(lines, "CapabilityBoundingSet"));
        Assert.All(["NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"], name => Assert.Equal("yes", Value(lines, name)));
        Assert.Equal("strict", Value(lines, "ProtectSystem"));
        Assert.Equal("0", Value(lines, "MemorySwapMax"));
        Assert.Equal(("80%", "2048", "continue"), (Value(lines, "MemoryMax"), Value(lines, "TasksMax"), Value(lines, "OOMPolicy")));
        Assert.Equal("0", Value(lines, "LimitCORE"));
    }

    [Fact]
    public void It_leaves_the_sandbox_what_it_is_made_of()
    {
        Assert.DoesNotContain(Lines(), line => s_breaking.Contains(line.Split('=')[0], StringComparer.Ordinal));
    }

    [Fact]
    public async Task Systemd_takes_every_line_of_it()
    {
        const string Analyze = "/usr/bin/systemd-analyze";
        if (!File.Exists(Analyze))
            Assert.Skip("systemd-analyze is not on this machine.");
        // A program that is there, since .NET may lie elsewhere here than on a server.
        var copy = Path.Combine(folder, "recordingvault.service");
        var program = Value(Lines(), "ExecStart");
        await File.WriteAllTextAsync(copy, Checkout.Read(Unit).Replace(program, "/bin/true", StringComparison.Ordinal), Ct);
        using var analyze = Process.Start(new ProcessStartInfo(Analyze, ["verify", "--man=no", copy]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await analyze.StandardError.ReadToEndAsync(Ct);
        await analyze.WaitForExitAsync(Ct);

        Assert.DoesNotContain(said.Split('\n'), line => line.Contains("recordingvault.service", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static List<string> Lines() => [.. Checkout.Read(Unit).Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] != '#')];

    private static string Value(IEnumerable<string> lines, string name) => Assert.Single(lines, line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
