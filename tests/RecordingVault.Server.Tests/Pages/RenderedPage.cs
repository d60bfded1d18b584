using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>A page as the server would write it, without a server.</summary>
internal static class RenderedPage
{
    public static async Task<string> MarkupAsync(SamplePage page)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Model"] = page.Model });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync(page.Component, parameters)).ToHtmlString());
    }

    public static async Task<IHtmlDocument> DocumentAsync(SamplePage page) =>
        new HtmlParser().ParseDocument(await MarkupAsync(page));
}
