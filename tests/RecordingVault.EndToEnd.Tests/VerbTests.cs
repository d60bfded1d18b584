using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>The server's verbs, as an operator's script uses them beside a running server.</summary>
[UnsupportedOSPlatform("windows")] // modes of files
public sealed class VerbTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_makes_tenant_member_and_token_beside_a_running_server()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);

        var tenant = (await server.RunAsync(["tenant", "create", "Marsh Coaching"], Ct)).Trim();
        var password = (await server.RunAsync(["member", "create", "--email", "helen@example.com", "--tenant", "marsh coaching", "--role", "owner"], Ct)).Trim().Split('\n')[^1];
        var token = await server.CreateTokenAsync("Helen@Example.com", tenant, Ct);

        Assert.True(Guid.TryParse(tenant, out _));
        Assert.Equal(20, password.Length);
        Assert.Matches("^rvt_[A-Za-z0-9_-]{66}$", token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/tenant");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"role\":\"Contributor\"", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        // With a member there, nobody sets the vault up any more.
        Assert.Contains("has its owner", await server.Client.GetStringAsync(new Uri("/setup", UriKind.Relative), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_verb_can_not_do_ends_with_2_and_a_sentence()
    {
        // Each verb is a process of its own: one test, so that the vault is made once.
        await using var server = ServerProcess.Prepare([]);
        await server.RunAsync(["tenant", "create", "One"], Ct);
        string[][] verbs =
        [
            ["tenant", "create", "one"],
            ["member", "create", "--email", "a@example.com", "--tenant", "Nowhere", "--role", "Owner"],
            ["member", "create", "--email", "a@example.com", "--tenant", "One", "--role", "7"],
            ["member", "create", "--email", "no address", "--tenant", "One", "--role", "Owner"],
            ["token", "create", "--member", "a@example.com", "--tenant", "One", "--name", "x"],
            ["nonsense"],
        ];

        foreach (var verb in verbs)
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.RunAsync(verb, Ct));

            Assert.StartsWith("The verb ended with 2:", refused.Message, StringComparison.Ordinal);
            Assert.InRange(refused.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 2, 8);
        }
    }

    [Fact]
    public async Task An_address_that_has_an_account_is_tied_to_no_other_tenant_by_a_verb()
    {
        await using var server = ServerProcess.Prepare([]);
        await server.RunAsync(["tenant", "create", "One"], Ct);
        await server.RunAsync(["tenant", "create", "Two"], Ct);
        await server.RunAsync(["member", "create", "--email", "helen@example.com", "--tenant", "One", "--role", "Owner"], Ct);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.RunAsync(["member", "create", "--email", "Helen@Example.com", "--tenant", "Two", "--role", "Viewer"], Ct));

        Assert.StartsWith("The verb ended with 2:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("invites the address under Settings, Members", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Member_verbs_print_a_link_change_the_address_and_say_what_they_can_not_do()
    {
        await using var server = ServerProcess.Prepare([]);
        await server.RunAsync(["tenant", "create", "One"], Ct);
        await server.RunAsync(["tenant", "create", "Two"], Ct);
        await server.RunAsync(["member", "create", "--email", "helen@example.com", "--tenant", "One", "--role", "Owner"], Ct);

        var link = (await server.RunAsync(["member", "reset", "--email", "helen@example.com"], Ct)).Trim().Split('\n')[^1].Trim();
        Assert.Matches($"^{server.Address.GetLeftPart(UriPartial.Authority)}/reset#[A-Za-z0-9_.-]{{60,}}$", link);
        Assert.Contains("signs in with marsh@example.com now", await server.RunAsync(["member", "address", "--email", "helen@example.com", "--new", "marsh@example.com"], Ct), StringComparison.Ordinal);

        (string[] Verb, string Says)[] refused =
        [
            (["member", "reset", "--email", "helen@example.com"], "Nobody signs in with helen@example.com here."),
            (["member", "address", "--email", "marsh@example.com", "--new", "no address"], "--new:"),
            (["member", "second-factor", "--email", "helen@example.com"], "Nobody signs in with helen@example.com here."),
            (["member", "second-factor", "--email", "marsh@example.com"], "second factor"),
            (["token", "create", "--member", "nobody@example.com", "--tenant", "One", "--name", "x"], "Make the account first: member create --email nobody@example.com"),
            (["token", "create", "--member", "marsh@example.com", "--tenant", "Two", "--name", "x"], "invites the address under Settings, Members"),
        ];
        foreach (var (verb, says) in refused)
        {
            var told = await Assert.ThrowsAsync<InvalidOperationException>(() => server.RunAsync(verb, Ct));
            Assert.StartsWith("The verb ended with 2:", told.Message, StringComparison.Ordinal);
            Assert.Contains(says, told.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Doctor_finds_a_fresh_vault_safe_and_an_open_root_key_not()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);

        var fine = await server.RunAsync(["doctor"], Ct);
        Assert.EndsWith("Nothing unsafe was found.", fine.TrimEnd(), StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            // The verb's own process, asked of the kernel, and the server's limit as others see it.
            Assert.Contains("memory: closed to other processes of this user, and in no core dump.", fine, StringComparison.Ordinal);
            var limit = (await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/limits", Ct)).Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal));
            Assert.Equal(["0", "0", "bytes"], limit["Max core file size".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        File.SetUnixFileMode(Path.Combine(server.DataFolder, "root.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var found = await Assert.ThrowsAsync<InvalidOperationException>(() => server.RunAsync(["doctor"], Ct));
        Assert.StartsWith("The verb ended with 1:", found.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_set_up_link_stands_on_standard_output_and_a_secret_in_no_file()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);

        var link = await server.SetupLinkAsync(Ct);

        Assert.Equal("/setup", link.AbsolutePath);
        Assert.Equal(44, link.Fragment.Length);
        var files = Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains(link.Fragment[1..], StringComparison.Ordinal));
        Assert.Empty(files);
    }
}
