namespace RecordingVault.Cli.Account;

/// <summary>A vault and the right to use it. <paramref name="Token"/> is a secret: it goes into the header of requests to <paramref name="Address"/> and nowhere else.</summary>
internal sealed record SignIn(Uri Address, string Token)
{
    private const int LongestToken = 256;

    /// <summary>What a token may look like; anything else could break out of its header.</summary>
    public static string CheckToken(string text)
    {
        var token = text.Trim();
        if (token.Length == 0)
            throw new CommandException(ExitCode.Usage, "No token was given. Make one on the vault's page of tokens, and give it when it is asked for, through a pipe, or in VAULT_TOKEN.");
        if (token.Length > LongestToken || !token.StartsWith("rvt_", StringComparison.Ordinal) || !token.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw new CommandException(ExitCode.Usage, "This is no token: a token begins with rvt_ and holds letters, digits, _ and - alone. Copy it again, whole.");
        return token;
    }

    // Not the compiler's: a token must not stand in a message by mistake.
    public override string ToString() => $"{Address}";
}
