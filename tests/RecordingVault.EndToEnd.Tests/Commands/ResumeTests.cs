using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.Commands;

/// <summary>`vault upload` over kills and cuts: it goes on at what the vault acknowledged, and the file that comes back is the same.</summary>
[Trait("Kind", "Kill")]
public sealed class ResumeTests
{
    private const int Length = 30_000_000;
    private const int Rate = 6_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_program_goes_on_where_it_was_and_its_memory_names_nothing()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await using var line = new SendingLine(vault.Server.Address, Rate);
        using var machine = vault.Machine(line.Address);
        var film = OwnedVault.Film(Length);
        var path = machine.Write("quarterly review.mp4", film);

        using (var first = machine.Start("upload", path))
        {
            await CommandLine.UntilAsync(first, "60 %", Ct);
            // Nobody else may look into the arguments' secrets: there are none.
            Assert.DoesNotContain(vault.Token, await File.ReadAllTextAsync($"/proc/{first.Id}/cmdline", Ct), StringComparison.Ordinal);
            var meanwhile = await machine.RunAsync(Ct, "upload", path);
            Assert.Equal(5, meanwhile.Code);
            Assert.Contains("Another `vault upload`", meanwhile.Error, StringComparison.Ordinal);
            first.Kill();
            await first.WaitForExitAsync(Ct);
        }

        var kept = Assert.Single(Directory.GetFiles(machine.MemoryFolder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        Assert.True(Guid.TryParse(await File.ReadAllTextAsync(kept, Ct), out _));
        Assert.Matches("^[0-9a-f]{64}$", Path.GetFileName(kept));

        var second = await machine.RunAsync(Ct, "upload", path, "--json");

        Assert.Equal(0, second.Code);
        using var said = JsonDocument.Parse(Assert.Single(second.Lines));
        Assert.InRange(said.RootElement.GetProperty("resumedAt").GetInt64(), 4_000_000, Length - 1);
        Assert.Equal(SHA256.HashData(film), await vault.DigestAsync(said.RootElement.GetProperty("recording").GetString()!, Ct));
        Assert.Single((await machine.RunAsync(Ct, "list", "--json")).Lines);
        Assert.Empty(Directory.GetFiles(machine.MemoryFolder));
    }

    [Fact]
    public async Task Over_a_killed_server_and_a_cut_line_it_goes_on_by_itself()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await using var line = new SendingLine(vault.Server.Address, Rate);
        using var machine = vault.Machine(line.Address);
        var film = OwnedVault.Film(Length);
        var path = machine.Write("film.mp4", film);

        using var running = machine.Start("upload", path, "--json");
        await CommandLine.UntilAsync(running, "40 %", Ct);
        line.Cut();
        await CommandLine.UntilAsync(running, "Trying again", Ct);
        await CommandLine.UntilAsync(running, "70 %", Ct);
        await vault.Server.KillAsync();
        await vault.Server.StartAgainAsync(Ct);
        var run = await CommandLine.EndAsync(running, Ct);

        Assert.Equal(0, run.Code);
        using var said = JsonDocument.Parse(Assert.Single(run.Lines));
        Assert.Equal(0, said.RootElement.GetProperty("resumedAt").GetInt64());
        Assert.Equal(SHA256.HashData(film), await vault.DigestAsync(said.RootElement.GetProperty("recording").GetString()!, Ct));
    }

    [Fact]
    public async Task An_interrupted_one_says_that_it_goes_on_and_fresh_begins_anew()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await using var line = new SendingLine(vault.Server.Address, Rate);
        using var machine = vault.Machine(line.Address);
        var path = machine.Write("film.mp4", OwnedVault.Film(Length));

        using var first = machine.Start("upload", path);
        await CommandLine.UntilAsync(first, "50 %", Ct);
        using (var interrupt = Process.Start("kill", ["-INT", $"{first.Id}"]))
            await interrupt.WaitForExitAsync(Ct);
        var run = await CommandLine.EndAsync(first, Ct);
        Assert.Equal(130, run.Code);
        Assert.Contains("goes on from there", run.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(machine.MemoryFolder));

        var anew = await machine.RunAsync(Ct, "upload", path, "--fresh", "--json");

        using var said = JsonDocument.Parse(Assert.Single(anew.Lines));
        Assert.Equal(0, said.RootElement.GetProperty("resumedAt").GetInt64());
        Assert.Equal(2, (await machine.RunAsync(Ct, "list", "--json")).Lines.Count);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_sent_is_said_to_have_and_is_never_whole()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await using var line = new SendingLine(vault.Server.Address, Rate);
        using var machine = vault.Machine(line.Address);
        var path = machine.Write("film.mp4", OwnedVault.Film(Length));

        using var running = machine.Start("upload", path);
        await CommandLine.UntilAsync(running, "40 %", Ct);
        await File.AppendAllTextAsync(path, "more", Ct);
        var run = await CommandLine.EndAsync(running, Ct);

        Assert.Equal(5, run.Code);
        Assert.Contains("changed while it was sent", run.Error, StringComparison.Ordinal);
        using var listed = JsonDocument.Parse(Assert.Single((await machine.RunAsync(Ct, "list", "--json")).Lines));
        Assert.Equal("receiving", listed.RootElement.GetProperty("state").GetString());
        Assert.Empty(Directory.GetFiles(machine.MemoryFolder));
    }

    [Fact]
    public async Task A_folder_whose_first_file_was_safe_completes_that_recording_and_makes_no_second()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await using var line = new SendingLine(vault.Server.Address, Rate);
        using var machine = vault.Machine(line.Address);
        const string meeting = "2026-11-20 09.00.12 Weekly sync";
        machine.Write($"{meeting}/video1234.mp4", OwnedVault.Film(400_000));
        machine.Write($"{meeting}/audio1234.m4a", OwnedVault.Film(Length));
        machine.Write($"{meeting}/meeting_saved_chat.txt", Encoding.UTF8.GetBytes("09:01:00 Ben: Good morning\n"));

        using (var first = machine.Start("upload", meeting))
        {
            await CommandLine.UntilAsync(first, "m4a: 30 %", Ct);
            first.Kill();
            await first.WaitForExitAsync(Ct);
        }

        var second = await machine.RunAsync(Ct, "upload", meeting, "--json");

        Assert.Equal(0, second.Code);
        using var said = JsonDocument.Parse(Assert.Single(second.Lines));
        Assert.Equal(400_000, said.RootElement.GetProperty("files")[0].GetProperty("resumedAt").GetInt64());
        using var listed = JsonDocument.Parse(Assert.Single((await machine.RunAsync(Ct, "list", "--json")).Lines));
        Assert.Equal(3, listed.RootElement.GetProperty("assets").GetArrayLength());
        Assert.Empty(Directory.GetFiles(machine.MemoryFolder));
    }

    [Fact]
    public async Task Patience_ends_with_its_own_code()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        var path = machine.Write("film.mp4", OwnedVault.Film(100_000));
        await vault.Server.KillAsync();

        var run = await machine.RunAsync(Ct, "upload", path, "--patience", "0");

        Assert.Equal(8, run.Code);
        Assert.Contains("the same command goes on", run.Error, StringComparison.Ordinal);
    }
}
