using Rouser.Reports.Figures;

namespace Rouser.Reports.Documents;

/// <summary>The page's style: a paper's supplement, in light, dark and print.</summary>
internal static class PageStyle
{
    /// <summary>The style sheet.</summary>
    public static string Css { get; } = Page + FigureSvg.Style("var(--ink)", "var(--muted)", "var(--rule)", [.. Palette.Light.Select((_, i) => $"var(--c{i})")]) + "\n";

    private static string Page => $$$"""
        :root{color-scheme:light dark;--ground:#fdfdfb;--ink:#1c1c1a;--muted:#5c5b57;--rule:#dedcd6;--strong:#3a3935;--link:#0a5a92;--warn:#fff3d6;--warn-edge:#9a6a00;{{{Colours(Palette.Light)}}} }
        @media (prefers-color-scheme:dark){:root{--ground:#171716;--ink:#e9e7e1;--muted:#aaa79f;--rule:#3a3936;--strong:#c9c6bd;--link:#7cc0f0;--warn:#33290f;--warn-edge:#e3c04d;{{{Colours(Palette.Dark)}}} } }
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 Charter,'Bitstream Charter','Iowan Old Style','Source Serif 4',Georgia,serif}
        main{max-width:1160px;margin:0 auto;padding:28px 24px 64px}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 .6em;overflow-wrap:anywhere}
        h2{font-size:1.3rem;margin:2.4em 0 .5em;padding-top:.5em;border-top:1px solid var(--rule);overflow-wrap:anywhere}
        h3{font-size:1.05rem;margin:1.8em 0 .4em}
        p,dd{max-width:46em}
        p{margin:.5em 0 .8em}
        a{color:var(--link)}
        .warning{background:var(--warn);border-left:4px solid var(--warn-edge);padding:.6em .9em;font-weight:600;max-width:none}
        nav ol{display:flex;flex-wrap:wrap;gap:.2em 1.4em;list-style:none;margin:1.2em 0 0;padding:0;font:.86rem/1.6 system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
        .table{overflow-x:auto;margin:1.1em 0 .4em}
        table{border-collapse:collapse;font:.82rem/1.35 system-ui,'Segoe UI',Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums lining-nums;border-bottom:1.5px solid var(--strong)}
        caption{text-align:left;font:.88rem/1.45 Charter,'Bitstream Charter','Iowan Old Style','Source Serif 4',Georgia,serif;color:var(--muted);padding:0 0 .5em;caption-side:top}
        caption span{display:block;position:sticky;left:0;max-width:min(62em,calc(100vw - 48px))}
        thead{border-top:1.5px solid var(--strong);border-bottom:.75px solid var(--strong)}
        th,td{padding:.26em .62em;text-align:left;vertical-align:baseline;white-space:nowrap}
        th:first-child,td:first-child{padding-left:.1em}
        th:last-child,td:last-child{padding-right:.1em}
        thead th{font-weight:600;vertical-align:bottom}
        tbody th{font-weight:400}
        .n{text-align:right}
        .span{text-align:center;font-weight:400;color:var(--muted);padding-bottom:.1em;border-bottom:.75px solid var(--rule)}
        tr.group>*{border-top:.75px solid var(--rule)}
        td.long{white-space:normal;overflow-wrap:anywhere;min-width:16em}
        small{font-size:.84em;color:var(--muted)}
        sup{font-size:.72em;line-height:0}
        .footnote{font-size:.84rem;color:var(--muted);margin:.15em 0;max-width:56em;overflow-wrap:anywhere}
        .footnote+p:not(.footnote){margin-top:1.6em}
        details{margin:.8em 0}
        summary{cursor:pointer;font:.86rem/1.6 system-ui,'Segoe UI',Helvetica,Arial,sans-serif;color:var(--link)}
        figure{margin:1.6em 0 1.8em}
        .legend{display:flex;flex-wrap:wrap;gap:.1em 1.5em;list-style:none;margin:0 0 .6em;padding:0;font:.82rem/1.6 system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
        .legend svg{vertical-align:middle}
        .panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(300px,100%),1fr));gap:18px 22px}
        .panels.c1{max-width:520px}
        .panels.c2{max-width:860px}
        .panels svg{display:block;width:100%;height:auto}
        figcaption{font-size:.88rem;line-height:1.45;color:var(--muted);margin-top:.6em;max-width:62em}
        figcaption b{color:var(--ink);font-weight:600}
        dl{margin:.6em 0}
        dt{font-weight:600;margin-top:.7em}
        dd{margin:0}
        @media (max-width:640px){caption span{max-width:calc(100vw - 32px)}main{padding:18px 16px 48px}h1{font-size:1.4rem}}
        @media print{:root{--ground:#fff;--ink:#000;--muted:#444;--rule:#ccc;--strong:#000;--link:#000;--warn:#fff;{{{Colours(Palette.Light)}}} }main{max-width:none;padding:0}nav,details{display:none}.table{overflow:visible}table{font-size:7.5pt}figure,tr{break-inside:avoid}h2,h3{break-after:avoid}}

        """;

    private static string Colours(IReadOnlyList<string> palette) => string.Concat(palette.Select((colour, i) => $"--c{i}:{colour};"));
}
