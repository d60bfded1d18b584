using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.Commands;

/// <summary>`vault upload`: what reaches the vault, what a script learns, and what it says when it can't.</summary>
public sealed partial class UploadTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_safe_listed_and_byte_identical_and_nothing_is_left_behind()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        var film = OwnedVault.Film(5_000_000);
        var path = machine.Write("review.mp4", film);

        var upload = await machine.RunAsync(Ct, "upload", path, "--title", "Weekly \u202Ereview", "--recorded-at", "2026-03-02T10:00:00Z",
            "--participant", "Ben Reed <ben@example.com>", "--participant", "Anna", "--label", "confidential", "--json");
        var list = await machine.RunAsync(Ct, "list", "--json");
        var table = await machine.RunAsync(Ct, "list");

        Assert.Equal(0, upload.Code);
        using var said = JsonDocument.Parse(Assert.Single(upload.Lines));
        var root = said.RootElement;
        var id = root.GetProperty("recording").GetString()!;
        Assert.Equal(["recording", "url", "files", "bytes", "resumedAt", "complete"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal($"{vault.Server.Address}recordings/{id}", root.GetProperty("url").GetString());
        Assert.Equal((film.Length, 0), (root.GetProperty("bytes").GetInt32(), root.GetProperty("resumedAt").GetInt32()));
        Assert.Equal(path, root.GetProperty("files")[0].GetProperty("path").GetString());
        Assert.Equal(SHA256.HashData(film), await vault.DigestAsync(id, Ct));
        using var listed = JsonDocument.Parse(Assert.Single(list.Lines));
        Assert.Equal(("Weekly \u202Ereview", "confidential"), (listed.RootElement.GetProperty("title").GetString(), listed.RootElement.GetProperty("label").GetString()));
        Assert.Equal(["Ben Reed", "Anna"], listed.RootElement.GetProperty("participants").EnumerateArray().Select(person => person.GetProperty("name").GetString()!));
        Assert.DoesNotContain('\u202E', list.Out + table.Out);
        Assert.Contains(@"Weekly \u202Ereview", table.Out, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(machine.MemoryFolder));
        Assert.DoesNotContain(vault.Token, upload.Out + upload.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_Zoom_becomes_one_recording_and_links_in_it_are_not_followed()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        const string meeting = "Zoom/2026-11-20 09.00.12 Weekly sync";
        var film = OwnedVault.Film(300_000);
        machine.Write($"{meeting}/video1234.mp4", film);
        machine.Write($"{meeting}/audio1234.m4a", OwnedVault.Film(200_000));
        machine.Write($"{meeting}/meeting_saved_chat.txt", Encoding.UTF8.GetBytes("09:01:00 Ben: Good morning\n"));
        machine.Write($"{meeting}/double_click_to_convert_01.zoom", [1, 2, 3]);
        var outside = machine.Write("outside.mp4", OwnedVault.Film(100_000));
        File.CreateSymbolicLink(Path.Combine(machine.Folder, meeting, "linked.mp4"), outside);
        Directory.CreateSymbolicLink(Path.Combine(machine.Folder, meeting, "around"), machine.Folder);

        var upload = await machine.RunAsync(Ct, "upload", Path.Combine(machine.Folder, "Zoom"), "--json");

        Assert.Equal((0, ""), (upload.Code, string.Join('\n', upload.Error.Split('\n').Where(line => line.StartsWith("vault:", StringComparison.Ordinal)))));
        using var said = JsonDocument.Parse(Assert.Single(upload.Lines));
        var files = said.RootElement.GetProperty("files").EnumerateArray().Select(file => (file.GetProperty("path").GetString(), file.GetProperty("role").GetString()));
        Assert.Equal([($"{meeting}/video1234.mp4", "original"), ($"{meeting}/audio1234.m4a", "audio"), ($"{meeting}/meeting_saved_chat.txt", "chat")], files);
        Assert.Contains("Left out: Zoom/2026-11-20 09.00.12 Weekly sync/double_click_to_convert_01.zoom. Zoom has not converted", upload.Error, StringComparison.Ordinal);
        using var listed = JsonDocument.Parse(Assert.Single((await machine.RunAsync(Ct, "list", "--json")).Lines));
        Assert.Equal(("Weekly sync", 3), (listed.RootElement.GetProperty("title").GetString(), listed.RootElement.GetProperty("assets").GetArrayLength()));
        Assert.Equal(SHA256.HashData(film), await vault.DigestAsync(said.RootElement.GetProperty("recording").GetString()!, Ct));
    }

    [Fact]
    public async Task What_the_vault_does_not_take_is_refused_in_its_words_and_the_rest_goes_on()
    {
        await using var vault = await OwnedVault.StartAsync(Ct, new KeyValuePair<string, string>("Vault__Uploads__QuotaPerTenant", "12000000"));
        using var machine = vault.Machine();
        var letter = machine.Write("letter.mp4", Encoding.UTF8.GetBytes(new string('x', 1_000_000)));
        var small = machine.Write("small.mp4", OwnedVault.Film(1_000_000));
        var large = machine.Write("large.mp4", OwnedVault.Film(40_000_000));

        var refused = await machine.RunAsync(Ct, "upload", letter, "--json");
        var some = await machine.RunAsync(Ct, "upload", letter, small, "--json");
        var full = await machine.RunAsync(Ct, "upload", large);

        Assert.Equal((7, 9, 7), (refused.Code, some.Code, full.Code));
        Assert.Contains("no recording that the vault knows", refused.Error, StringComparison.Ordinal);
        using var failure = JsonDocument.Parse(Assert.Single(refused.Lines));
        Assert.Equal((letter, 7), (failure.RootElement.GetProperty("path").GetString(), failure.RootElement.GetProperty("exitCode").GetInt32()));
        Assert.Equal(2, some.Lines.Count);
        Assert.Contains("room in this vault is used up", full.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_not_be_done_as_it_was_asked_sends_nothing()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        var film = machine.Write("film.mp4", OwnedVault.Film(70_000));
        var other = machine.Write("other.mp4", OwnedVault.Film(70_000));
        var empty = machine.Write("empty.mp4", []);
        var id = Guid.NewGuid().ToString();
        (string[] Arguments, int Code)[] runs =
        [
            (["upload"], 2),
            (["upload", film, film], 2),
            (["upload", film, other, "--title", "Both"], 2),
            (["upload", film, "--recording", id, "--title", "x"], 2),
            (["upload", film, "--role", "chat"], 2),
            (["upload", film, "--recorded-at", "yesterday"], 2),
            (["upload", film, "--participant", "<>"], 2),
            (["upload", empty], 5),
            (["upload", Path.Combine(machine.Folder, "nothing.mp4")], 5),
            (["upload", film, "--recording", id], 4),
            (["upload", film, "--label", "secret"], 7),
            (["share", id], 4),
            (["share", "nonsense"], 2),
        ];

        foreach (var (arguments, code) in runs)
        {
            var run = await machine.RunAsync(Ct, arguments);
            Assert.True(code == run.Code && run.Error.Length > 0, $"{string.Join(' ', arguments)}: {run}");
        }

        Assert.Empty((await machine.RunAsync(Ct, "list", "--json")).Lines);
    }

    [Fact]
    public async Task A_link_opens_as_it_was_asked_for_and_a_passcode_comes_from_no_argument()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        var film = machine.Write("film.mp4", OwnedVault.Film(70_000));
        var upload = await machine.RunAsync(Ct, "upload", film, "--share", "--quiet");
        using var listed = JsonDocument.Parse(Assert.Single((await machine.RunAsync(Ct, "list", "--json")).Lines));
        var id = listed.RootElement.GetProperty("id").GetString()!;

        var plain = await machine.RunAsync(Ct, "share", id, "--name", "Claire\u001b[31m", "--expires", "3d");
        var coded = await machine.RunAsync(Ct, "share", id, "--passcode", "--allow-download", "--json");
        var piped = await machine.RunAsync("blue lantern\n", Ct, "share", id, "--passcode-file", "-");

        Assert.Equal((0, 0, 0), (plain.Code, coded.Code, piped.Code));
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await OpenAsync(vault, upload.Lines[^1], passcode: null));
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await OpenAsync(vault, plain.Lines[^1], passcode: null));
        Assert.Contains(@"Claire\u001B[31m, and whoever else has this link, may watch the recording, not download it, until", plain.Lines[0], StringComparison.Ordinal);
        using var made = JsonDocument.Parse(Assert.Single(coded.Lines));
        var (url, passcode) = (made.RootElement.GetProperty("url").GetString()!, made.RootElement.GetProperty("passcode").GetString()!);
        Assert.False(made.RootElement.GetProperty("viewOnly").GetBoolean());
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, await OpenAsync(vault, url, passcode: null));
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await OpenAsync(vault, url, passcode));
        Assert.Equal(System.Net.HttpStatusCode.NoContent, await OpenAsync(vault, piped.Lines[^1], "blue lantern"));
        Assert.DoesNotContain("blue lantern", piped.Out + piped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_screen_there_is_a_bar_and_a_name_does_not_steer_it()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = vault.Machine();
        machine.Write("a[red]\u001b]0;x.mp4", OwnedVault.Film(2_000_000));
        // `script` gives the program a terminal; the name comes by a pattern, for a shell would not take it either.
        var start = new ProcessStartInfo("script", ["-qec", $"stty cols 120; dotnet '{Path.Combine(AppContext.BaseDirectory, "cli", "vault.dll")}' upload a*", "/dev/null"])
        {
            UseShellExecute = false,
            WorkingDirectory = machine.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        start.Environment["XDG_STATE_HOME"] = Path.Combine(machine.Folder, "state");
        foreach (var (name, value) in machine.Environment)
            start.Environment[name] = value;

        using var running = Process.Start(start)!;
        var run = await CommandLine.EndAsync(running, Ct);

        Assert.Equal(0, run.Code);
        Assert.Contains("100%", run.Out, StringComparison.Ordinal);
        Assert.Contains(@"a[red]\u001B]0;x.mp4", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]0;", run.Out, StringComparison.Ordinal);
    }

    /// <summary>Opens a link as its page does: with the page's own token and cookies.</summary>
    private static async Task<System.Net.HttpStatusCode> OpenAsync(OwnedVault vault, string link, string? passcode)
    {
        var url = new Uri(link);
        using var visitor = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = vault.Server.Address };
        visitor.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        visitor.DefaultRequestHeaders.Add("Accept", "text/html");
        using var page = await visitor.GetAsync(new Uri(url.AbsolutePath, UriKind.Relative), Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{url.AbsolutePath}/open", UriKind.Relative));
        request.Headers.Add("RequestVerificationToken", FormToken().Match(await page.Content.ReadAsStringAsync(Ct)).Groups["token"].Value);
        request.Headers.Add("Cookie", string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
        request.Content = new StringContent(JsonSerializer.Serialize(new { secret = url.Fragment[1..], passcode }), Encoding.UTF8, "application/json");
        using var answer = await visitor.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    [GeneratedRegex("""<meta name="vault-antiforgery" content="(?<token>[^"]+)""")]
    private static partial Regex FormToken();
}
