using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests.Commands;

/// <summary>`vault login`: whom it sends a token to, where it keeps it, and whom it believes.</summary>
public sealed class SignInTests
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string UnknownToken = "rvt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_checked_kept_for_its_owner_alone_used_and_given_up()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = new CommandLine();

        var login = await machine.RunAsync($"{vault.Token}\n", Ct, "login", vault.Server.Address.ToString());

        Assert.Equal((0, ""), (login.Code, login.Error));
        Assert.Contains("Marsh Coaching, as Owner", login.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(vault.Token, login.Out, StringComparison.Ordinal);
        Assert.Equal(OwnerFile, File.GetUnixFileMode(machine.SignInFile));
        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(machine.SignInFile)!));
        Assert.Equal([machine.SignInFile], Directory.GetFiles(Path.GetDirectoryName(machine.SignInFile)!));
        Assert.Equal(0, (await machine.RunAsync(Ct, "list")).Code);

        // Others could have read it: it is not used any more, and the person learns why.
        File.SetUnixFileMode(machine.SignInFile, OwnerFile | UnixFileMode.GroupRead);
        var open = await machine.RunAsync(Ct, "list");
        Assert.Equal(5, open.Code);
        Assert.Contains("chmod 600", open.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(vault.Token, open.Error, StringComparison.Ordinal);

        // A link could lead to what somebody else wrote.
        File.SetUnixFileMode(machine.SignInFile, OwnerFile);
        File.Move(machine.SignInFile, $"{machine.SignInFile}.elsewhere");
        File.CreateSymbolicLink(machine.SignInFile, $"{machine.SignInFile}.elsewhere");
        var linked = await machine.RunAsync(Ct, "list");
        Assert.Equal(5, linked.Code);
        Assert.Contains("is a link", linked.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await machine.RunAsync(Ct, "logout")).Code);
        Assert.False(Path.Exists(machine.SignInFile));
        var after = await machine.RunAsync(Ct, "list");
        Assert.Equal(6, after.Code);
        Assert.Contains("vault login", after.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_login_is_said_and_nothing_is_kept()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        using var machine = new CommandLine();
        var address = vault.Server.Address.ToString();

        var unknown = await machine.RunAsync($"{UnknownToken}\n", Ct, "login", address);
        var noToken = await machine.RunAsync("hello\r\nAuthorization: x\n", Ct, "login", address);
        var clear = await machine.RunAsync($"{vault.Token}\n", Ct, "login", "http://vault.example");
        var named = await machine.RunAsync($"{vault.Token}\n", Ct, "login", "https://helen:secret@vault.example");
        await vault.Server.KillAsync();
        var nobody = await machine.RunAsync($"{vault.Token}\n", Ct, "login", address);

        Assert.Equal((6, 2, 2, 2, 8), (unknown.Code, noToken.Code, clear.Code, named.Code, nobody.Code));
        Assert.Contains("does not know this token", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("Use https", clear.Error, StringComparison.Ordinal);
        Assert.Contains("does not answer", nobody.Error, StringComparison.Ordinal);
        Assert.All([unknown, noToken, clear, named, nobody], run => Assert.DoesNotContain("rvt_A", run.Out + run.Error, StringComparison.Ordinal));
        Assert.False(Path.Exists(machine.SignInFile));
    }

    [Fact]
    public async Task The_environment_wins_and_a_kept_token_goes_to_its_own_vault_only()
    {
        await using var vault = await OwnedVault.StartAsync(Ct);
        await using var other = new SendingLine(vault.Server.Address, 1_000_000);
        using var machine = new CommandLine();
        var token = machine.Write("token.txt", System.Text.Encoding.ASCII.GetBytes($"{vault.Token}\n"));
        Assert.Equal(0, (await machine.RunAsync(Ct, "login", vault.Server.Address.ToString(), "--token-file", token)).Code);

        machine.Environment["VAULT_ADDRESS"] = other.Address.ToString();
        var elsewhere = await machine.RunAsync(Ct, "list");
        machine.Environment["VAULT_TOKEN"] = UnknownToken;
        var wrong = await machine.RunAsync(Ct, "list");
        machine.Environment["VAULT_TOKEN"] = vault.Token;
        var right = await machine.RunAsync(Ct, "list");

        Assert.Equal((6, 6, 0), (elsewhere.Code, wrong.Code, right.Code));
        Assert.Contains("not signed in to", elsewhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_gets_no_token()
    {
        await using var elsewhere = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        await using var here = new ScriptedServer(_ => $"HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere.Address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var machine = new CommandLine();

        var login = await machine.RunAsync($"{UnknownToken}\n", Ct, "login", here.Address.ToString());

        Assert.Equal(7, login.Code);
        Assert.Contains("redirects", login.Error, StringComparison.Ordinal);
        Assert.Single(here.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task What_a_strange_server_says_steers_no_terminal_and_fills_no_memory()
    {
        const string Problem = """{"title":"gone\u001b[2J\u202efdp"}""";
        await using var rude = new ScriptedServer(_ => $"HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json\r\nContent-Length: {Problem.Length}\r\nConnection: close\r\n\r\n{Problem}");
        await using var endless = new ScriptedServer(_ => $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{new string(' ', 20_000_000)}");
        await using var page = new ScriptedServer(_ => "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>");
        using var machine = new CommandLine();

        var steered = await machine.RunAsync($"{UnknownToken}\n", Ct, "login", rude.Address.ToString());
        var filled = await machine.RunAsync($"{UnknownToken}\n", Ct, "login", endless.Address.ToString());
        var other = await machine.RunAsync($"{UnknownToken}\n", Ct, "login", page.Address.ToString());

        Assert.Equal((7, 7, 7), (steered.Code, filled.Code, other.Code));
        Assert.Contains(@"gone\u001B[2J\u202Efdp", steered.Error, StringComparison.Ordinal);
        Assert.Contains("longer than any answer", filled.Error, StringComparison.Ordinal);
        Assert.Contains("no answer of a vault", other.Error, StringComparison.Ordinal);
    }
}
