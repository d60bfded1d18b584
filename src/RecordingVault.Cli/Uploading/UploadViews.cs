using RecordingVault.Cli.Output;
using Spectre.Console;

namespace RecordingVault.Cli.Uploading;

/// <summary>How the sending of one recording is shown.</summary>
internal interface IUploadView
{
    Task ShowAsync(RecordingPlan plan, Func<IUploadWatch, Task> send);
}

/// <summary>A bar for each file: name, percent, speed, time left.</summary>
internal sealed class BarView(TextWriter error) : IUploadView
{
    private const int LongestName = 40;

    public Task ShowAsync(RecordingPlan plan, Func<IUploadWatch, Task> send)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        var bars = console.Progress().AutoClear(true).HideCompleted(false).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn());
        return bars.StartAsync(context => send(new Bars(context, console)));
    }

    private sealed class Bars(ProgressContext context, IAnsiConsole console) : IUploadWatch
    {
        private ProgressTask? task;

        public void Begin(LocalFile file, long resumedAt)
        {
            var name = ShownText.Of(file.Shown);
            task = context.AddTask(Markup.Escape(name.Length > LongestName ? $"…{name[^LongestName..]}" : name), new ProgressTaskSettings { MaxValue = file.Length });
            task.Value = resumedAt;
            if (resumedAt > 0) Say($"{name} goes on at {Amounts.Bytes(resumedAt)}.");
        }

        public void At(long offset)
        {
            if (task is not null) task.Value = offset;
        }

        public void Say(string sentence) => console.WriteLine(sentence);
    }
}

/// <summary>A line at the beginning of each file and one for each tenth that has left: for logs.</summary>
internal sealed class LineView(TextWriter error) : IUploadView
{
    public Task ShowAsync(RecordingPlan plan, Func<IUploadWatch, Task> send) => send(new Lines(error));

    private sealed class Lines(TextWriter error) : IUploadWatch
    {
        private LocalFile? file;
        private long tenth;

        public void Begin(LocalFile begun, long resumedAt)
        {
            (file, tenth) = (begun, resumedAt * 10 / begun.Length);
            Say($"{ShownText.Of(begun.Shown)}: {Amounts.Bytes(begun.Length)}{(resumedAt > 0 ? $", goes on at {Amounts.Bytes(resumedAt)}" : "")}.");
        }

        public void At(long offset)
        {
            if (file is null || offset * 10 / file.Length is var now && now <= tenth) return;
            tenth = now;
            Say($"{ShownText.Of(file.Shown)}: {now * 10} %");
        }

        public void Say(string sentence) => error.WriteLine(sentence);
    }
}

/// <summary>Nothing but what goes wrong.</summary>
internal sealed class QuietView : IUploadView
{
    public Task ShowAsync(RecordingPlan plan, Func<IUploadWatch, Task> send) => send(new Nobody());

    private sealed class Nobody : IUploadWatch
    {
        public void Begin(LocalFile file, long resumedAt)
        {
        }

        public void At(long offset)
        {
        }

        public void Say(string sentence)
        {
        }
    }
}
