using System.Text;

namespace RecordingVault.Cli.Account;

/// <summary>Asks the person at the terminal for a secret, without showing it.</summary>
internal static class HiddenLine
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(30);

    public static async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        await Console.Error.WriteAsync(question);
        var line = new StringBuilder();
        while (true)
        {
            // A read that waits could not be interrupted.
            while (!Console.KeyAvailable)
                await Task.Delay(Look, cancellationToken);
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace)
                line.Length = Math.Max(0, line.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                line.Append(key.KeyChar);
        }

        await Console.Error.WriteLineAsync();
        return line.ToString();
    }
}
