-- Menu item: saves the metadata of the selected photos, labels them, and reads their metadata back.
local LrDialogs = import "LrDialogs"
local LrFunctionContext = import "LrFunctionContext"
local LrProgressScope = import "LrProgressScope"

local Dialog = require "Dialog"
local Photos = require "Photos"
local Program = require "Program"

-- Photos of one run: between two runs there is progress to see, and a run can be cancelled.
local GROUP = 200

local function options()
	local prefs, found = Program.preferences(), {}
	if prefs.style ~= "" then
		found = { "--style", prefs.style }
		if prefs.mark ~= "" then
			table.insert(found, "--mark")
			table.insert(found, "doubtful=" .. prefs.mark)
		end
	end
	return found
end

-- Adds up what runs said, and notes which photos they have labelled.
local function take(lines, items, sums)
	local byPath = {}
	for _, item in ipairs(items) do
		byPath[item.path] = item.photo
	end
	for _, line in ipairs(lines) do
		if line.kind == "photo" and Program.text(line.text, "status") == "labelled" then
			table.insert(sums.photos, byPath[Program.text(line.text, "path")])
		elseif line.kind == "photo" and Program.text(line.text, "status") == "failed" then
			sums.failure = sums.failure or Program.text(line.text, "reason")
		elseif line.kind == "summary" then
			for _, name in ipairs({ "labelled", "skipped", "failed", "to_check" }) do
				sums[name] = sums[name] + Program.number(line.text, name)
			end
		end
	end
end

local function said(sums, read, left, problem)
	local lines = { ("%d labelled, %d skipped, %d failed."):format(sums.labelled, sums.skipped, sums.failed) }
	if sums.to_check > 0 then
		table.insert(lines, ("%d are unlike all edits of your style: look at these first."):format(sums.to_check))
	end
	table.insert(lines, ("Lightroom is reading the labels of %d photos; that may take a moment."):format(read))
	table.insert(lines, Photos.sentences(left))
	table.insert(lines, sums.failure and "Failed, for instance: " .. sums.failure or "")
	table.insert(lines, problem or "")
	return table.concat(lines, "\n")
end

local function label(progress)
	local items, left = Photos.chosen()
	if #items == 0 then
		LrDialogs.message("None of the selected photos can be labelled.", Photos.sentences(left), "warning")
		return
	end
	local about = "Their metadata is saved to files first, and read back afterwards. Photos that you have edited are left alone.\n"
	if LrDialogs.confirm("Label " .. #items .. " photos with autohdr?", about .. Photos.sentences(left), "Label") ~= "ok" then
		return
	end
	local sums, problem = { labelled = 0, skipped = 0, failed = 0, to_check = 0, photos = {} }, nil
	local canceled = function()
		return progress:isCanceled()
	end
	for first = 1, #items, GROUP do
		local some = {}
		for at = first, math.min(first + GROUP - 1, #items) do
			table.insert(some, items[at])
		end
		progress:setCaption(("Photos %d to %d of %d"):format(first, first + #some - 1, #items))
		some = Photos.save(some, left, canceled)
		if canceled() or problem then
			break
		end
		if #some > 0 then
			local lines
			lines, problem = Program.run("label", some, options())
			take(lines, some, sums)
		end
		progress:setPortionComplete(math.min(first + GROUP - 1, #items), #items)
	end
	local read = Photos.readBack(sums.photos)
	LrDialogs.message("autohdr", said(sums, read, left, problem), problem and "critical" or "info")
end

LrFunctionContext.postAsyncTaskWithContext("autohdr label", function(context)
	LrDialogs.attachErrorDialogToFunctionContext(context)
	if not Dialog.complete({ "program" }) and not Dialog.ask({ "program" }) then
		return
	end
	local progress = LrProgressScope({ title = "Labelling with autohdr", functionContext = context })
	progress:setCancelable(true)
	label(progress)
	progress:done()
end)
