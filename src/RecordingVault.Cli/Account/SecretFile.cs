using System.Text;

namespace RecordingVault.Cli.Account;

/// <summary>A secret's first line, from a file or a pipe: never from the arguments, which every user of a machine can list.</summary>
internal static class SecretFile
{
    public static async Task<string> ReadAsync(string path, int longest, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) throw new CommandException(ExitCode.Usage, $"There is no file {path}.");
        using var file = new StreamReader(path, Encoding.UTF8);
        return await ReadLineAsync(file, longest, cancellationToken);
    }

    /// <param name="longest">In characters.</param>
    public static async Task<string> ReadLineAsync(TextReader reader, int longest, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new char[1];
        while (await reader.ReadAsync(one.AsMemory(), cancellationToken) > 0 && one[0] is not ('\n' or '\r'))
        {
            if (line.Append(one[0]).Length > longest)
                throw new CommandException(ExitCode.Usage, $"The secret's line is longer than {longest} characters. Is it the right file?");
        }

        return line.ToString();
    }
}
